/* embed.c: build tool. Puts the product's files into the binary.
 *   embed OUT.c OUT.d ROOT        (OUT.d: what it was made from, for ninja)
 * Takes ROOT/templates, ROOT/forms, ROOT/demo and ROOT/ui/assets with what lies below them. An asset gets the hash of its content into its
 * path; in .css, .js, .svg, .html and .webmanifest files "/assets/NAME" is replaced by that path, and a NAME that does not exist
 * is an error. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mime.h"

struct file {
  char *path; /* on disk */
  char *name; /* "templates/x.mustache"; of an asset "app.css" */
  char *body;
  size_t n;
  bool asset, rewritten;
  enum { UNTOUCHED, BUSY, DONE } state; /* of the asset's references */
  char *url;
};

static struct file *files;
static size_t count;
static FILE *depends;

static void die(const char *what, const char *why)
{
  fprintf(stderr, "embed: %s: %s\n", what, why);
  exit(1);
}

static void *grown(void *p, size_t n)
{
  p = realloc(p, n);
  if (!p)
    die("memory", "none left");
  return p;
}

static char *joined(const char *a, const char *between, const char *b)
{
  size_t n = strlen(a) + strlen(between) + strlen(b) + 1;
  char *p = grown(NULL, n);
  snprintf(p, n, "%s%s%s", a, between, b);
  return p;
}

static void read_body(struct file *f)
{
  struct stat st;
  FILE *in = fopen(f->path, "rb");
  if (!in || fstat(fileno(in), &st) != 0)
    die(f->path, "cannot be read");
  f->n = (size_t)st.st_size;
  f->body = grown(NULL, f->n + 1);
  if (fread(f->body, 1, f->n, in) != f->n)
    die(f->path, "cannot be read");
  f->body[f->n] = '\0';
  fclose(in);
}

static int visible(const struct dirent *d)
{
  size_t n = strlen(d->d_name);
  return d->d_name[0] != '.' && d->d_name[n - 1] != '~';
}

/* A folder that is not there yet: the one above it tells when it appears. */
static void depend_on_parent(const char *dir)
{
  struct stat st;
  char *path = joined(dir, "", "");
  char *slash;
  while ((slash = strrchr(path, '/')) && slash != path) {
    *slash = '\0';
    if (stat(path, &st) == 0)
      break;
  }
  fprintf(depends, " %s", path);
  free(path);
}

static void walk(const char *dir, const char *name, bool asset)
{
  struct dirent **entries = NULL;
  int n = scandir(dir, &entries, visible, alphasort);
  if (n < 0) {
    depend_on_parent(dir);
    return;
  }
  fprintf(depends, " %s", dir);
  for (int i = 0; i < n; i++) {
    struct stat st;
    char *path = joined(dir, "/", entries[i]->d_name);
    char *below = joined(name, *name ? "/" : "", entries[i]->d_name);
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
      walk(path, below, asset);
    } else {
      files = grown(files, (count + 1) * sizeof(*files));
      files[count] = (struct file){.path = path, .name = below, .asset = asset};
      read_body(&files[count++]);
      fprintf(depends, " %s", path);
    }
    free(entries[i]);
  }
  free(entries);
}

/* --- assets --- */

static const char prefix[] = "/assets/";

static bool has_references(const char *name)
{
  static const char *const kinds[] = {".css", ".js", ".svg", ".html", ".webmanifest"};
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && i < sizeof(kinds) / sizeof(*kinds); i++) {
    if (strcmp(dot, kinds[i]) == 0)
      return true;
  }
  return false;
}

static bool name_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("._-/", c));
}

static struct file *find_asset(const char *name, size_t n)
{
  for (size_t i = 0; i < count; i++) {
    if (files[i].asset && strlen(files[i].name) == n && memcmp(files[i].name, name, n) == 0)
      return &files[i];
  }
  return NULL;
}

static void settle(struct file *f);

static void rewrite(struct file *f)
{
  char *out = NULL;
  size_t n = 0;
  const char *at = f->body, *hit;
  while ((hit = strstr(at, prefix))) {
    const char *name = hit + strlen(prefix), *end = name;
    while (name_char(*end))
      end++;
    struct file *target = find_asset(name, (size_t)(end - name));
    if (!target)
      die(f->path, "refers to an asset that does not exist under ui/assets");
    settle(target);
    size_t before = (size_t)(hit - at), url = strlen(target->url);
    out = grown(out, n + before + url);
    memcpy(out + n, at, before);
    memcpy(out + n + before, target->url, url);
    n += before + url;
    at = end;
    f->rewritten = true;
  }
  if (!f->rewritten)
    return;
  size_t rest = f->n - (size_t)(at - f->body);
  out = grown(out, n + rest + 1);
  memcpy(out + n, at, rest);
  out[n + rest] = '\0';
  f->body = out;
  f->n = n + rest;
}

static uint32_t content_hash(const struct file *f)
{
  uint64_t h = 14695981039346656037u; /* FNV-1a */
  for (size_t i = 0; i < f->n; i++)
    h = (h ^ (unsigned char)f->body[i]) * 1099511628211u;
  return (uint32_t)(h ^ (h >> 32));
}

/* References first, then the hash, then the URL. */
static void settle(struct file *f)
{
  if (f->state == DONE)
    return;
  if (f->state == BUSY)
    die(f->path, "assets refer to each other in a circle");
  f->state = BUSY;
  if (has_references(f->name))
    rewrite(f);
  const char *dot = strrchr(f->name, '.');
  const char *ext = dot && !strchr(dot, '/') ? dot : f->name + strlen(f->name);
  size_t size = strlen(prefix) + strlen(f->name) + 16;
  f->url = grown(NULL, size);
  snprintf(f->url, size, "%s%.*s.%08x%s", prefix, (int)(ext - f->name), f->name, content_hash(f), ext);
  f->state = DONE;
}

/* --- templates --- */

/* A comment that tells of a template's data ends before its own "}}" and the rest would stand on the page. */
static void check_comments(const struct file *f)
{
  const char *end;
  for (const char *at = f->body; (at = strstr(at, "{{!")); at = end) {
    end = strstr(at, "}}");
    if (!end || (end[2] && end[2] != '\n'))
      die(f->path, "a comment holds }} or something follows it on its line");
  }
}

/* --- output --- */

static FILE *open_for_writing(const char *path)
{
  FILE *f = fopen(path, "wb");
  if (!f)
    die(path, "cannot be written");
  return f;
}

/* A changed body lies beside the output. */
static const char *stored_at(const struct file *f, const char *out, size_t i)
{
  char number[24];
  if (!f->rewritten)
    return f->path;
  snprintf(number, sizeof(number), ".%zu", i);
  char *path = joined(out, number, "");
  FILE *to = open_for_writing(path);
  if (fwrite(f->body, 1, f->n, to) != f->n || fclose(to) != 0)
    die(path, "cannot be written");
  return path;
}

static void write_bodies(FILE *out, const char *out_path)
{
  fputs("/* Made by src/view/gen/embed.c. */\n#include \"view/tree.h\"\n\n", out);
  for (size_t i = 0; i < count; i++) {
    fprintf(out,
            "/* %08x */\n__asm__(\".section .rodata\\n.balign 16\\nembedded_%zu:\\n.incbin \\\"%s\\\"\\n.byte "
            "0\\n.text\\n\");\n",
            content_hash(&files[i]), i, stored_at(&files[i], out_path, i));
    fprintf(out, "extern const char embedded_%zu[];\n", i);
  }
}

static void write_tables(FILE *out)
{
  size_t n = 0;
  fputs("\nconst struct embedded embedded_files[] = {\n", out);
  for (size_t i = 0; i < count; i++) {
    if (files[i].asset)
      continue;
    fprintf(out, "  {S(\"%s\"), {embedded_%zu, %zu}},\n", files[i].name, i, files[i].n);
    n++;
  }
  fprintf(out, "  {{0}, {0}},\n};\nconst size_t embedded_file_count = %zu;\n", n);
  fputs("\nconst struct asset embedded_assets[] = {\n", out);
  for (size_t i = 0; i < count; i++) {
    const struct file *f = &files[i];
    if (f->asset)
      fprintf(out, "  {\"%s\", \"%s\", \"%s\", {embedded_%zu, %zu}},\n", f->url, f->name, mime_of(f->name), i, f->n);
  }
  fprintf(out, "  {0},\n};\nconst size_t embedded_asset_count = %zu;\n", count - n);
}

int main(int argc, char **argv)
{
  if (argc != 4) {
    fputs("embed OUT.c OUT.d ROOT\n", stderr);
    return 2;
  }
  depends = open_for_writing(argv[2]);
  fprintf(depends, "%s:", argv[1]);
  walk(joined(argv[3], "/", "templates"), "templates", false);
  walk(joined(argv[3], "/", "forms"), "forms", false);
  walk(joined(argv[3], "/", "demo"), "demo", false);
  walk(joined(argv[3], "/", "ui/assets"), "", true);
  fputc('\n', depends);
  for (size_t i = 0; i < count; i++) {
    if (files[i].asset)
      settle(&files[i]);
    else
      check_comments(&files[i]);
  }
  FILE *out = open_for_writing(argv[1]);
  write_bodies(out, argv[1]);
  write_tables(out);
  return fclose(out) == 0 && fclose(depends) == 0 ? 0 : 1;
}
