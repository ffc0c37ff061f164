/* po.c: build tool. Reads .po files and writes one sorted C table.
 *   po OUT.c OUT.d DIRECTORY      (OUT.d: what it was made from, for ninja)
 * Refuses what would show a reader the wrong sentence: fuzzy entries, one id with two different translations, and placeholders
 * (%1 %2 %3) that differ between id and translation. An entry without translation is left out; the catalog test finds it. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
  char *id, *text;
  const char *file;
  unsigned line;
};

static struct entry *entries;
static size_t count, room;
static bool bad;

static void complain(const char *file, unsigned line, const char *why, const char *id)
{
  fprintf(stderr, "%s:%u: %s: %s\n", file, line, why, id);
  bad = true;
}

static void *grown(void *p, size_t n)
{
  p = realloc(p, n);
  if (!p) {
    fputs("po: out of memory\n", stderr);
    exit(1);
  }
  return p;
}

/* Appends the quoted text of a line to *to, escapes undone. False when it is not one quoted string. */
static bool append_quoted(char **to, const char *line)
{
  size_t n = strlen(*to);
  const char *p = strchr(line, '"');
  *to = grown(*to, n + strlen(line) + 1);
  if (!p)
    return false;
  for (p++; *p && *p != '"'; p++) {
    char c = *p;
    if (c == '\\' && p[1]) {
      p++;
      c = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p;
    }
    (*to)[n++] = c;
  }
  (*to)[n] = '\0';
  return *p == '"';
}

static unsigned placeholders(const char *s)
{
  unsigned mask = 0;
  for (; *s; s++) {
    if (s[0] == '%' && s[1] >= '1' && s[1] <= '3')
      mask |= 1u << (s[1] - '1');
  }
  return mask;
}

struct reader {
  const char *file;
  struct entry now;
  char **into; /* what a continuation line belongs to */
  bool fuzzy;
};

static void finish(struct reader *r)
{
  struct entry *e = &r->now;
  if (e->id && e->text && *e->id && *e->text) {
    if (r->fuzzy)
      complain(r->file, e->line, "fuzzy entry", e->id);
    if (placeholders(e->id) != placeholders(e->text))
      complain(r->file, e->line, "placeholders differ", e->id);
    if (count == room) {
      room = room ? room * 2 : 256;
      entries = grown(entries, room * sizeof(*entries));
    }
    entries[count++] = *e;
  } else {
    free(e->id);
    free(e->text);
  }
  *e = (struct entry){.file = r->file};
  r->into = NULL;
  r->fuzzy = false;
}

static void start(struct reader *r, char **into, unsigned line, const char *text)
{
  if (*into) {
    complain(r->file, line, "unexpected", text);
    return;
  }
  *into = grown(NULL, 1);
  **into = '\0';
  r->into = into;
  if (!append_quoted(into, text))
    complain(r->file, line, "not a quoted string", text);
}

static void read_line(struct reader *r, unsigned line, const char *text)
{
  if (text[0] == '#') {
    if (r->now.text)
      finish(r);
    if (text[1] == ',' && strstr(text, "fuzzy"))
      r->fuzzy = true;
  } else if (strncmp(text, "msgid ", 6) == 0) {
    if (r->now.text)
      finish(r);
    r->now.line = line;
    start(r, &r->now.id, line, text);
  } else if (strncmp(text, "msgstr ", 7) == 0) {
    start(r, &r->now.text, line, text);
  } else if (text[0] == '"' && r->into) {
    if (!append_quoted(r->into, text))
      complain(r->file, line, "not a quoted string", text);
  } else if (text[0] != '\0') {
    complain(r->file, line, "not understood", text);
  }
}

static void read_stream(const char *path, FILE *f)
{
  struct reader r = {.file = path, .now = {.file = path}};
  char *line = NULL;
  size_t size = 0;
  unsigned number = 0;
  while (getline(&line, &size, f) >= 0) {
    line[strcspn(line, "\r\n")] = '\0';
    read_line(&r, ++number, line);
  }
  finish(&r);
  free(line);
}

static void read_file(const char *path)
{
  FILE *f = fopen(path, "r");
  if (!f) {
    perror(path);
    exit(1);
  }
  read_stream(path, f);
  fclose(f);
}

static int compare(const void *x, const void *y)
{
  const struct entry *a = x, *b = y;
  return strcmp(a->id, b->id);
}

static void write_string(FILE *out, const char *s)
{
  fputc('"', out);
  for (; *s; s++) {
    if (*s == '\n')
      fputs("\\n", out);
    else if (*s == '"' || *s == '\\' || *s == '?')
      fprintf(out, "\\%c", *s);
    else
      fputc(*s, out);
  }
  fputc('"', out);
}

static void write_table(FILE *out)
{
  size_t n = 0;
  fputs("/* Made from locale/en by src/view/gen/po.c. */\n#include \"view/catalog.h\"\n\n", out);
  fputs("const struct translation catalog_en[] = {\n", out);
  for (size_t i = 0; i < count; i++) {
    const struct entry *e = &entries[i];
    if (i && strcmp(e->id, e[-1].id) == 0) {
      if (strcmp(e->text, e[-1].text) != 0) {
        fprintf(stderr, "%s:%u: ", e[-1].file, e[-1].line);
        complain(e->file, e->line, "two different translations", e->id);
      }
      continue;
    }
    const char *base = strrchr(e->file, '/');
    fputs("  {S(", out);
    write_string(out, e->id);
    fputs("), S(", out);
    write_string(out, e->text);
    fprintf(out, "), \"%s:%u\"},\n", base ? base + 1 : e->file, e->line);
    n++;
  }
  fprintf(out, "  {{0}, {0}, 0},\n};\nconst size_t catalog_en_count = %zu;\n", n);
}

static int is_po(const struct dirent *d)
{
  size_t n = strlen(d->d_name);
  return n > 3 && strcmp(d->d_name + n - 3, ".po") == 0;
}

/* All files of the directory in the order of their names, each a dependency, and the directory itself: a new file counts. */
static void read_directory(const char *dir, const char *target, FILE *depends)
{
  struct dirent **names = NULL;
  int n = scandir(dir, &names, is_po, alphasort);
  if (n < 0) {
    perror(dir);
    exit(1);
  }
  fprintf(depends, "%s: %s", target, dir);
  for (int i = 0; i < n; i++) {
    char *path = grown(NULL, strlen(dir) + strlen(names[i]->d_name) + 2);
    snprintf(path, strlen(dir) + strlen(names[i]->d_name) + 2, "%s/%s", dir, names[i]->d_name);
    read_file(path); /* the path stays: entries name it */
    fprintf(depends, " %s", path);
    free(names[i]);
  }
  fputc('\n', depends);
  free(names);
}

static FILE *open_for_writing(const char *path)
{
  FILE *f = fopen(path, "w");
  if (!f) {
    perror(path);
    exit(1);
  }
  return f;
}

int main(int argc, char **argv)
{
  if (argc != 4) {
    fputs("po OUT.c OUT.d DIRECTORY\n", stderr);
    return 2;
  }
  FILE *depends = open_for_writing(argv[2]);
  read_directory(argv[3], argv[1], depends);
  if (count)
    qsort(entries, count, sizeof(*entries), compare);
  FILE *out = open_for_writing(argv[1]);
  write_table(out);
  if (fclose(out) != 0 || fclose(depends) != 0 || bad) {
    remove(argv[1]);
    return 1;
  }
  return 0;
}
