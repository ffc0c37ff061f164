/* mustache_compile.c: from text to nodes. */
#include "view/mustache.h"

#include "base/limits.h"

struct compiler {
  struct arena *arena;
  const struct compile_options *o;
  struct template *t;
  uint32_t size; /* nodes there is room for */
  struct str text;
  size_t at; /* all before is compiled */
  struct str open, close;
  uint32_t line; /* of `counted` */
  size_t counted;
  uint32_t stack[MUSTACHE_NEST];
  uint32_t depth;
  struct err *e;
};

/* One tag as it stands in the text. */
struct tag {
  char sigil;      /* one of # ^ / > ! = & { _ or 0 */
  size_t from;     /* where its delimiter begins */
  size_t end;      /* behind its closing delimiter */
  struct str body; /* trimmed, without the sigil */
  struct str indent;
};

static enum code fail(struct compiler *c, size_t at, const char *why, struct str what)
{
  for (; c->counted < at && c->counted < c->text.n; c->counted++)
    c->line += c->text.p[c->counted] == '\n';
  enum code code = err_set(c->e, FAULT, TR("ページのひな形に誤りがあります。"));
  err_detail(c->e, "template %.*s line %u: %s %.*s", STR_FMT(c->t->name), c->line, why,
             (int)(what.n < 60 ? what.n : 60), what.p);
  return code;
}

static struct node *add_node(struct compiler *c, enum node_kind kind, size_t at)
{
  struct template *t = c->t;
  if (t->n == c->size) {
    uint32_t size = c->size ? c->size * 2 : 16;
    struct node *grown = arena_grow(c->arena, t->node, c->size * sizeof(*grown), size * sizeof(*grown));
    if (!grown)
      return NULL;
    t->node = grown;
    c->size = size;
  }
  for (; c->counted < at; c->counted++)
    c->line += c->text.p[c->counted] == '\n';
  struct node *node = &t->node[t->n++];
  *node = (struct node){.kind = kind, .line = c->line};
  return node;
}

static void add_text(struct compiler *c, struct str text)
{
  struct node *node = text.n ? add_node(c, NODE_TEXT, c->at) : NULL;
  if (node)
    node->text = text;
}

static bool is_blank(char ch)
{
  return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static struct str trim(struct str s)
{
  while (s.n && is_blank(s.p[0]))
    s = str_sub(s, 1, s.n);
  while (s.n && is_blank(s.p[s.n - 1]))
    s.n--;
  return s;
}

static bool find(struct compiler *c, size_t from, struct str what, size_t *ret)
{
  const char *p = from <= c->text.n ? memmem(c->text.p + from, c->text.n - from, what.p, what.n) : NULL;
  if (p)
    *ret = (size_t)(p - c->text.p);
  return p != NULL;
}

/* --- names --- */

static bool name_char(char ch)
{
  return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_' || ch == '-';
}

static bool good_name(enum template_mode mode, struct str name)
{
  bool part = false;
  for (size_t i = 0; i < name.n; i++) {
    if (name.p[i] == '.' && part)
      part = false;
    else if (mode == TEMPLATE_STRICT ? name_char(name.p[i]) : name.p[i] != '.' && !is_blank(name.p[i]))
      part = true;
    else
      return false;
  }
  return part;
}

static enum code set_name(struct compiler *c, struct node *node, size_t at, struct str name)
{
  struct str rest = name, part;
  if (!node)
    return err_oom(c->e);
  node->text = name;
  if (str_is(name, "."))
    return OK;
  if (!good_name(c->o->mode, name))
    return fail(c, at, "not a name:", name);
  for (size_t i = 0; i < name.n; i++)
    node->parts += name.p[i] == '.';
  node->part = arena_array(c->arena, ++node->parts, sizeof(*node->part));
  if (!node->part)
    return err_oom(c->e);
  for (uint32_t i = 0; str_split(&rest, '.', &part); i++)
    node->part[i] = part;
  return OK;
}

/* --- finding a tag --- */

/* A tag alone on its line takes the line with it. */
static void stand_alone(struct compiler *c, struct tag *tag, size_t *text_end)
{
  size_t from = tag->from, end = tag->end;
  while (from > 0 && (c->text.p[from - 1] == ' ' || c->text.p[from - 1] == '\t'))
    from--;
  if (from > 0 && c->text.p[from - 1] != '\n')
    return;
  while (end < c->text.n && (c->text.p[end] == ' ' || c->text.p[end] == '\t' || c->text.p[end] == '\r'))
    end++;
  if (end < c->text.n && c->text.p[end] != '\n')
    return;
  tag->indent = (struct str){c->text.p + from, tag->from - from};
  tag->end = end < c->text.n ? end + 1 : end;
  *text_end = from;
}

static char sigil_of(struct compiler *c, size_t inside)
{
  char first = inside < c->text.n ? c->text.p[inside] : 0;
  if (first && strchr("#^/>!=&{", first))
    return first;
  bool sentence = first == '_' && inside + 1 < c->text.n && is_blank(c->text.p[inside + 1]);
  return sentence && c->o->mode == TEMPLATE_STRICT ? '_' : 0;
}

static enum code read_tag(struct compiler *c, size_t from, struct tag *tag)
{
  size_t inside = from + c->open.n, skip, end;
  while (inside < c->text.n && is_blank(c->text.p[inside]))
    inside++;
  *tag = (struct tag){.sigil = sigil_of(c, inside), .from = from};
  inside += tag->sigil != 0;
  struct str extra = tag->sigil == '{' ? S("}") : tag->sigil == '=' ? S("=") : STR_NONE;
  struct buf closing;
  buf_init(&closing, c->arena, 256);
  buf_add(&closing, extra);
  buf_add(&closing, c->close);
  if (closing.failed)
    return fail(c, from, "delimiter too long", STR_NONE);
  if (!find(c, inside, buf_str(&closing), &end))
    return fail(c, from, "tag is not closed", str_sub(c->text, from, 40));
  skip = closing.n;
  tag->body = trim((struct str){c->text.p + inside, end - inside});
  tag->end = end + skip;
  return OK;
}

/* --- one function a kind of tag --- */

static enum code set_delimiters(struct compiler *c, const struct tag *tag)
{
  size_t i = 0, j = tag->body.n;
  while (i < tag->body.n && !is_blank(tag->body.p[i]))
    i++;
  while (j > i && !is_blank(tag->body.p[j - 1]))
    j--;
  if (i == 0 || j == tag->body.n || i == tag->body.n || memchr(tag->body.p, '=', tag->body.n))
    return fail(c, tag->from, "not delimiters:", tag->body);
  c->open = (struct str){tag->body.p, i};
  c->close = (struct str){tag->body.p + j, tag->body.n - j};
  return OK;
}

static enum code open_section(struct compiler *c, const struct tag *tag)
{
  if (c->depth == MUSTACHE_NEST)
    return fail(c, tag->from, "sections nested too deep at", tag->body);
  c->stack[c->depth++] = c->t->n;
  return set_name(c, add_node(c, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag->from), tag->from, tag->body);
}

static enum code close_section(struct compiler *c, const struct tag *tag)
{
  if (c->depth == 0)
    return fail(c, tag->from, "closes what is not open:", tag->body);
  struct node *opened = &c->t->node[c->stack[--c->depth]];
  if (!str_eq(opened->text, tag->body))
    return fail(c, tag->from, "closed before the section inside it:", tag->body);
  opened->end = c->t->n;
  return OK;
}

static enum code add_partial(struct compiler *c, const struct tag *tag)
{
  struct node *node = add_node(c, NODE_PARTIAL, tag->from);
  if (!node)
    return err_oom(c->e);
  node->text = tag->body;
  node->indent = tag->indent;
  return tag->body.n ? OK : fail(c, tag->from, "partial without a name", STR_NONE);
}

static enum code add_raw(struct compiler *c, const struct tag *tag)
{
  if (c->o->mode == TEMPLATE_LAX)
    return set_name(c, add_node(c, NODE_RAW, tag->from), tag->from, tag->body);
  if (c->o->content && tag->sigil == '{' && str_is(tag->body, "content"))
    return add_node(c, NODE_CONTENT, tag->from) ? OK : err_oom(c->e);
  return fail(c, tag->from, "raw output is not allowed:", tag->body);
}

static void add_escaped(struct compiler *c, struct str text)
{
  struct buf b;
  buf_init(&b, c->arena, LIMIT_PAGE);
  html_escape(&b, text);
  add_text(c, buf_str(&b));
}

/* {{_ sentence}} or {{_ sentence with %1 and %2 | key other.key}} */
static enum code add_sentence(struct compiler *c, const struct tag *tag)
{
  struct str id = tag->body, rest = STR_NONE, key[3] = {STR_NONE, STR_NONE, STR_NONE};
  const char *bar = id.n ? memmem(id.p, id.n, " |", 2) : NULL;
  if (bar) {
    size_t at = (size_t)(bar - id.p);
    rest = trim(str_sub(id, at + 2, id.n));
    id = trim(str_sub(id, 0, at));
  }
  for (int i = 0; i < 3 && str_split(&rest, ' ', &key[i]); i++)
    ;
  struct str text = tr_str(c->o->lang, id);
  size_t from = 0;
  for (size_t i = 0; bar && i + 1 < text.n; i++) {
    char digit = text.p[i + 1];
    if (text.p[i] != '%' || digit < '1' || digit > '3')
      continue;
    add_escaped(c, str_sub(text, from, i - from));
    enum code code = set_name(c, add_node(c, NODE_VALUE, tag->from), tag->from, key[digit - '1']);
    if (code != OK)
      return code;
    from = i + 2;
  }
  add_escaped(c, str_sub(text, from, text.n));
  return id.n ? OK : fail(c, tag->from, "sentence without words", STR_NONE);
}

static enum code add_tag(struct compiler *c, const struct tag *tag)
{
  switch (tag->sigil) {
  case '!':
    return OK;
  case '=':
    return set_delimiters(c, tag);
  case '#':
  case '^':
    return open_section(c, tag);
  case '/':
    return close_section(c, tag);
  case '>':
    return add_partial(c, tag);
  case '&':
  case '{':
    return add_raw(c, tag);
  case '_':
    return add_sentence(c, tag);
  default:
    return set_name(c, add_node(c, NODE_VALUE, tag->from), tag->from, tag->body);
  }
}

static enum code compile_all(struct compiler *c)
{
  size_t from;
  struct tag tag;
  while (find(c, c->at, c->open, &from)) {
    enum code code = read_tag(c, from, &tag);
    if (code != OK)
      return code;
    size_t text_end = from;
    if (tag.sigil && strchr("#^/>!=", tag.sigil))
      stand_alone(c, &tag, &text_end);
    add_text(c, (struct str){c->text.p + c->at, text_end - c->at});
    code = add_tag(c, &tag);
    if (code != OK)
      return code;
    c->at = tag.end;
  }
  add_text(c, str_sub(c->text, c->at, c->text.n));
  if (c->depth)
    return fail(c, c->text.n, "section is not closed:", c->t->node[c->stack[c->depth - 1]].text);
  return OK;
}

enum code template_compile(struct arena *a, const struct compile_options *o, struct str name, struct str text,
                           struct template **ret, struct err *e)
{
  struct compiler c = {.arena = a,
                       .o = o,
                       .text = text,
                       .open = S("{{"),
                       .close = S("}}"),
                       .line = 1,
                       .e = e,
                       .t = arena_new_of(a, struct template)};
  if (!c.t)
    return err_oom(e);
  c.t->name = name;
  enum code code = compile_all(&c);
  if (code == OK && arena_failed(a))
    code = err_oom(e);
  if (code == OK)
    *ret = c.t;
  return code;
}
