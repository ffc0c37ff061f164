/* Every sentence has its English, and no English is left without a sentence: catalog ROOT.
 *
 * A sentence is: in src, the literal in TR("…"), and any other string literal with Japanese letters (labels in tables, titles,
 * notices); in templates, {{_ …}}. Japanese on purpose, the same in every language, is written JA("…") in C; a template that begins
 * with {{! ja }} is not looked at. Japanese letters in a template outside of {{_ …}} are an error.
 * The list this prints can be pasted into the .po file it names. */
#include <dirent.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "view/catalog.h"

/* Tables of characters, eras, readings: only what is marked TR is a sentence there. */
static const char *const tables[] = {"src/view/gen/", "src/base/utf8", "src/base/clock", "src/base/japan"};

struct sentence {
  struct str id, file;
  unsigned line;
};

static struct {
  struct arena *arena;
  struct str root;
  struct sentence *list;
  size_t n, size;
  int bad;
} all;

static void add(struct str id, struct str file, unsigned line)
{
  if (all.n == all.size) {
    size_t size = all.size ? all.size * 2 : 1024;
    all.list = arena_grow(all.arena, all.list, all.size * sizeof(*all.list), size * sizeof(*all.list));
    all.size = size;
  }
  all.list[all.n++] = (struct sentence){str_copy(all.arena, id), file, line};
}

static bool has_japanese(struct str s)
{
  for (size_t at = 0; at < s.n;) {
    int32_t cp = utf8_next(s, &at);
    if (cp < 0)
      return false;
    if ((cp >= 0x3041 && cp <= 0x30FF) || (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xF900 && cp <= 0xFAFF))
      return true;
  }
  return false;
}

/* --- C --- */

struct scan {
  struct str text, file;
  bool only_marked; /* a file of tables */
  size_t at;
  unsigned line;
  char word[64]; /* the identifier in front of the last parenthesis */
  bool called;   /* nothing stands between that parenthesis and here */
};

static char peek(const struct scan *s, size_t ahead)
{
  return s->at + ahead < s->text.n ? s->text.p[s->at + ahead] : 0;
}

static void step(struct scan *s)
{
  s->line += s->text.p[s->at++] == '\n';
}

static bool skip_comment(struct scan *s)
{
  if (peek(s, 0) != '/' || (peek(s, 1) != '*' && peek(s, 1) != '/'))
    return false;
  bool block = peek(s, 1) == '*';
  while (s->at < s->text.n && (block ? !(peek(s, 0) == '*' && peek(s, 1) == '/') : peek(s, 0) != '\n'))
    step(s);
  if (block)
    s->at += 2;
  return true;
}

static void skip_char_literal(struct scan *s)
{
  for (s->at++; s->at < s->text.n && peek(s, 0) != '\''; s->at++)
    s->at += peek(s, 0) == '\\';
  s->at++;
}

static void put_escape(struct scan *s, struct buf *to)
{
  char c = peek(s, 1);
  s->at += 2;
  if (c == 'x') {
    char hex[3] = {peek(s, 0), peek(s, 1), 0};
    buf_add_c(to, (char)strtol(hex, NULL, 16));
    s->at += 2;
  } else {
    buf_add_c(to, c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c);
  }
}

static void read_literal(struct scan *s, struct buf *to)
{
  for (s->at++; s->at < s->text.n && peek(s, 0) != '"';) {
    if (peek(s, 0) == '\\')
      put_escape(s, to);
    else
      buf_add_c(to, s->text.p[s->at++]);
  }
  s->at++;
}

static void skip_between(struct scan *s)
{
  while (s->at < s->text.n && (strchr(" \t\r\n", peek(s, 0)) || (peek(s, 0) == '\\' && peek(s, 1) == '\n')))
    step(s);
}

/* Literals that follow each other are one. */
static void take_literals(struct scan *s)
{
  struct buf b;
  unsigned line = s->line;
  buf_init(&b, all.arena, LIMIT_PAGE);
  while (peek(s, 0) == '"') {
    read_literal(s, &b);
    skip_between(s);
  }
  struct str text = buf_str(&b);
  bool marked = s->called && strcmp(s->word, "TR") == 0, japanese = s->called && strcmp(s->word, "JA") == 0;
  if (text.n && (marked || (!japanese && !s->only_marked && has_japanese(text))))
    add(text, s->file, line);
  s->called = false;
}

static bool word_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void take_word(struct scan *s)
{
  size_t n = 0;
  for (; word_char(peek(s, 0)); s->at++) {
    if (n + 1 < sizeof(s->word))
      s->word[n++] = peek(s, 0);
  }
  s->word[n] = '\0';
  s->called = peek(s, 0) == '(';
  s->at += s->called;
}

static bool is_table(struct str name)
{
  for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
    if (str_starts(name, str_from(tables[i])))
      return true;
  }
  return false;
}

static void scan_c(struct str text, struct str file)
{
  struct scan s = {.text = text, .file = file, .line = 1, .only_marked = is_table(file)};
  while (s.at < s.text.n) {
    skip_between(&s);
    if (skip_comment(&s))
      continue;
    if (peek(&s, 0) == '\'') {
      skip_char_literal(&s);
    } else if (peek(&s, 0) == '"') {
      take_literals(&s);
    } else if (word_char(peek(&s, 0))) {
      take_word(&s);
    } else if (s.at < s.text.n) {
      s.called = false;
      step(&s);
    }
  }
}

/* --- templates --- */

static unsigned line_of(struct str text, size_t at)
{
  unsigned line = 1;
  for (size_t i = 0; i < at; i++)
    line += text.p[i] == '\n';
  return line;
}

static void take_tag(struct str body, struct str file, unsigned line)
{
  if (body.n < 2 || body.p[0] != '_' || !strchr(" \n\t", body.p[1]))
    return;
  const char *bar = memmem(body.p, body.n, " |", 2);
  add(str_trim(str_sub(body, 1, bar ? (size_t)(bar - body.p) - 1 : body.n)), file, line);
}

/* A comment that names a map ends with the map's own brace where none is set apart: the rest of it would stand on the page. */
static void look_at_comment(struct str body, struct str file, unsigned line)
{
  int open = 0;
  for (size_t i = 0; body.n && body.p[0] == '!' && i < body.n; i++)
    open += body.p[i] == '{' ? 1 : body.p[i] == '}' ? -1 : 0;
  if (!open)
    return;
  printf("%.*s:%u: the comment ends within a map: write \"} }}\"\n", STR_FMT(file), line);
  all.bad++;
}

static void scan_template(struct str text, struct str file)
{
  size_t at = 0;
  if (str_starts(text, S("{{! ja }}")))
    return;
  while (at < text.n) {
    const char *open = memmem(text.p + at, text.n - at, "{{", 2);
    size_t from = open ? (size_t)(open - text.p) : text.n;
    struct str plain = str_sub(text, at, from - at);
    if (has_japanese(plain)) {
      plain = str_trim(plain);
      printf("%.*s:%u: Japanese outside of {{_ …}}: %.*s\n", STR_FMT(file), line_of(text, at), STR_FMT(plain));
      all.bad++;
    }
    const char *close = open ? memmem(open, text.n - from, "}}", 2) : NULL;
    if (!close)
      break;
    struct str tag = {open + 2, (size_t)(close - open - 2)};
    look_at_comment(tag, file, line_of(text, from));
    take_tag(tag, file, line_of(text, from));
    at = (size_t)(close - text.p) + 2;
  }
}

/* --- the tree --- */

static struct str read_all(const char *path)
{
  struct stat st;
  FILE *f = fopen(path, "rb");
  if (!f || fstat(fileno(f), &st) != 0) {
    perror(path);
    exit(1);
  }
  char *p = arena_alloc(all.arena, (size_t)st.st_size + 1);
  size_t n = fread(p, 1, (size_t)st.st_size, f);
  fclose(f);
  return (struct str){p, n};
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
  return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk(struct str name)
{
  struct dirent **entries = NULL;
  int n = scandir(str_printf(all.arena, "%.*s/%.*s", STR_FMT(all.root), STR_FMT(name)).p, &entries, NULL, by_name);
  for (int i = 0; i < n; i++) {
    struct str below = str_printf(all.arena, "%.*s/%s", STR_FMT(name), entries[i]->d_name);
    struct str path = str_printf(all.arena, "%.*s/%.*s", STR_FMT(all.root), STR_FMT(below));
    struct stat st;
    if (entries[i]->d_name[0] != '.' && stat(path.p, &st) == 0) {
      if (S_ISDIR(st.st_mode))
        walk(below);
      else if ((str_ends(below, S(".c")) || str_ends(below, S(".h"))))
        scan_c(read_all(path.p), below);
      else if (str_ends(below, S(".mustache")))
        scan_template(read_all(path.p), below);
    }
    free(entries[i]);
  }
  free(entries);
}

static int compare(const void *x, const void *y)
{
  const struct sentence *a = x, *b = y;
  int c = str_compare(a->id, b->id);
  return c ? c : str_compare(a->file, b->file);
}

/* "src/person/x.c" is translated in person.po. */
static struct str po_of(struct str file)
{
  struct str rest = file, part, folder = S("templates");
  if (str_split(&rest, '/', &part) && str_is(part, "src") && str_split(&rest, '/', &part))
    folder = rest.n ? part : S("main");
  return folder;
}

static void print_po(struct str s)
{
  putchar('"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\n')
      fputs("\\n", stdout);
    else
      printf("%s%c", s.p[i] == '"' || s.p[i] == '\\' ? "\\" : "", s.p[i]);
  }
  puts("\"");
}

static bool translated(struct str id)
{
  size_t low = 0, high = catalog_en_count;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    int c = str_compare(id, catalog_en[mid].id);
    if (c == 0)
      return true;
    if (c < 0)
      high = mid;
    else
      low = mid + 1;
  }
  return false;
}

static int by_file(const void *x, const void *y)
{
  const struct sentence *a = x, *b = y;
  int c = str_compare(po_of(a->file), po_of(b->file));
  c = c ? c : str_compare(a->file, b->file);
  return c ? c : (a->line > b->line) - (a->line < b->line);
}

static void report_missing(void)
{
  struct sentence *missing = arena_array(all.arena, all.n, sizeof(*missing));
  size_t n = 0;
  for (size_t i = 0; i < all.n; i++) {
    if ((i == 0 || !str_eq(all.list[i].id, all.list[i - 1].id)) && !translated(all.list[i].id))
      missing[n++] = all.list[i];
  }
  qsort(missing, n, sizeof(*missing), by_file);
  for (size_t i = 0; i < n; i++) {
    struct str po = po_of(missing[i].file);
    if (i == 0 || !str_eq(po, po_of(missing[i - 1].file)))
      printf("\n--- no English yet, add to locale/en/%.*s.po:\n", STR_FMT(po));
    printf("\n# %.*s:%u\nmsgid ", STR_FMT(missing[i].file), missing[i].line);
    print_po(missing[i].id);
    puts("msgstr \"\"");
  }
  all.bad += (int)n;
}

static void report_unused(void)
{
  for (size_t i = 0; i < catalog_en_count; i++) {
    struct sentence key = {.id = catalog_en[i].id};
    size_t low = 0, high = all.n;
    while (low < high) {
      size_t mid = low + (high - low) / 2;
      if (str_compare(all.list[mid].id, key.id) < 0)
        low = mid + 1;
      else
        high = mid;
    }
    if (low < all.n && str_eq(all.list[low].id, key.id))
      continue;
    printf("locale/en/%s: nobody says this any more, remove it: ", catalog_en[i].where);
    print_po(key.id);
    all.bad++;
  }
}

int main(int argc, char **argv)
{
  if (argc != 2)
    return 2;
  all.arena = arena_new((size_t)8 * LIMIT_ARENA);
  all.root = str_from(argv[1]);
  walk(S("src"));
  walk(S("templates"));
  if (all.n == 0) {
    puts("no sentences found: wrong folder?");
    return 1;
  }
  qsort(all.list, all.n, sizeof(*all.list), compare);
  report_missing();
  report_unused();
  printf("%zu sentences, %zu translations, %d to mend\n", all.n, catalog_en_count, all.bad);
  arena_free(all.arena);
  return all.bad ? 1 : 0;
}
