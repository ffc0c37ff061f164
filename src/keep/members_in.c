#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "keep/members.h"

enum { PART = 64 << 10, LINE_MOST = 64 << 20, NAME_MOST = 200 };

struct members_in {
  struct vault_in *vault;
  char *path; /* folder */
  FILE *file;
  char name[NAME_MOST];
  bool ended;        /* no more of this member */
  bool ahead;        /* sealed: the head of the next record has been read */
  char letter;       /* of that record */
  size_t left;       /* bytes of the record that are still to come */
  char *part, *line; /* one part of the member as it was read; a line that lies across parts */
  size_t at, n, line_n, line_size;
  struct hasher hash;
};

static enum code strange(struct err *e)
{
  return err_set(
      e, INVALID,
      TR("書き出したファイルの中身が、決まった形になっていません。書き出した側で、もう一度書き出してください。"));
}

enum code members_open(const char *path, const struct vault_key *key, struct members_in **ret, struct err *e)
{
  struct members_in *m = calloc(1, sizeof(*m));
  enum code c = m ? OK : err_oom(e);
  if (c == OK) {
    m->part = malloc(PART);
    m->path = strdup(path);
    c = m->part && m->path ? OK : err_oom(e);
  }
  if (c == OK && key)
    c = vault_open(path, VAULT_EXPORT, key, &m->vault, e);
  if (c == OK)
    *ret = m;
  else
    members_close(m);
  return c;
}

static void begin_member(struct members_in *m)
{
  m->ended = false;
  m->at = m->n = m->line_n = 0;
  hasher_begin(&m->hash);
}

/* --- sealed --- */

static enum code read_head(struct members_in *m, struct err *e)
{
  unsigned char head[5];
  enum code c = vault_read(m->vault, head, sizeof head, e);
  m->letter = (char)head[0];
  m->left = (size_t)head[1] | (size_t)head[2] << 8 | (size_t)head[3] << 16 | (size_t)head[4] << 24;
  m->ahead = true;
  return c;
}

static enum code skip_member(struct members_in *m, struct err *e)
{
  enum code c = OK;
  struct str part = STR_NONE;
  do
    c = members_read(m, &part, e);
  while (c == OK && part.n);
  return c;
}

static enum code next_sealed(struct members_in *m, bool *ret_more, struct err *e)
{
  enum code c = m->name[0] && !m->ended ? skip_member(m, e) : OK;
  if (c == OK && !m->ahead)
    c = read_head(m, e);
  if (c != OK)
    return c;
  m->ahead = false;
  *ret_more = m->letter == 'F';
  if (m->letter == 'Z')
    return vault_end(m->vault, e);
  if (m->letter != 'F' || m->left < 1 || m->left >= NAME_MOST)
    return strange(e);
  c = vault_read(m->vault, m->name, m->left, e);
  m->name[m->left] = '\0';
  begin_member(m);
  return c;
}

enum code members_next(struct members_in *m, const char **ret, struct err *e)
{
  bool more = false;
  enum code c = next_sealed(m, &more, e);
  *ret = more ? m->name : NULL;
  return c;
}

static enum code read_sealed(struct members_in *m, struct str *ret, struct err *e)
{
  *ret = STR_NONE;
  while (!m->left || m->letter != 'D') {
    enum code c = read_head(m, e);
    if (c != OK)
      return c;
    if (m->letter != 'D') {
      m->ended = true;
      return OK;
    }
    m->ahead = false;
  }
  size_t n = m->left < PART ? m->left : PART;
  enum code c = vault_read(m->vault, m->part, n, e);
  m->left -= n;
  *ret = (struct str){m->part, n};
  return c;
}

/* --- both --- */

enum code members_seek(struct members_in *m, const char *name, struct err *e)
{
  bool more = true;
  enum code c = OK;
  while (m->vault && c == OK && more) {
    c = next_sealed(m, &more, e);
    if (c == OK && more && strcmp(m->name, name) == 0)
      return OK;
  }
  if (m->vault)
    return c == OK ? strange(e) : c;
  char *path = NULL;
  if (m->file)
    fclose(m->file);
  m->file = asprintf(&path, "%s/%s", m->path, name) < 0 ? NULL : fopen(path, "re");
  free(path);
  begin_member(m);
  return m->file
             ? OK
             : err_set1(e, NOT_FOUND, TR("%1 は、tsunagu が書き出したものではないか、ファイルが足りません。"), m->path);
}

enum code members_read(struct members_in *m, struct str *ret, struct err *e)
{
  enum code c = OK;
  *ret = STR_NONE;
  if (m->ended)
    return OK;
  if (m->vault) {
    c = read_sealed(m, ret, e);
  } else {
    *ret = (struct str){m->part, fread(m->part, 1, PART, m->file)};
    m->ended = ret->n == 0;
    if (ferror(m->file))
      c = strange(e);
  }
  if (c == OK)
    hasher_add(&m->hash, *ret);
  return c;
}

static enum code keep_part(struct members_in *m, struct str part, struct err *e)
{
  if (m->line_n + part.n > LINE_MOST)
    return strange(e);
  if (m->line_n + part.n > m->line_size) {
    size_t size = 2 * (m->line_n + part.n);
    char *more = realloc(m->line, size);
    if (!more)
      return err_oom(e);
    m->line = more;
    m->line_size = size;
  }
  if (part.n)
    memcpy(m->line + m->line_n, part.p, part.n);
  m->line_n += part.n;
  return OK;
}

enum code members_line(struct members_in *m, struct str *ret, bool *ret_more, struct err *e)
{
  m->line_n = 0;
  for (;;) {
    struct str part = {m->part + m->at, m->n - m->at};
    const char *end = part.n ? memchr(part.p, '\n', part.n) : NULL;
    enum code c = keep_part(m, str_sub(part, 0, end ? (size_t)(end - part.p) : part.n), e);
    if (c != OK)
      return c;
    m->at = end ? (size_t)(end - m->part) + 1 : m->n;
    if (end) {
      *ret = (struct str){m->line, m->line_n};
      *ret_more = true;
      return OK;
    }
    c = members_read(m, &part, e);
    if (c != OK)
      return c;
    m->at = 0;
    m->n = part.n;
    if (!part.n) { /* a last line without its end is none */
      *ret_more = false;
      return m->line_n ? strange(e) : OK;
    }
  }
}

void members_hash(const struct members_in *m, unsigned char ret[HASH])
{
  struct hasher copy = m->hash;
  hasher_end(&copy, ret);
}

void members_close(struct members_in *m)
{
  if (!m)
    return;
  vault_close(m->vault);
  if (m->file)
    fclose(m->file);
  free(m->path);
  free(m->part);
  free(m->line);
  free(m);
}
