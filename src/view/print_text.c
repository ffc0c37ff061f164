/* print_text.c: rich text by pango. Line breaks follow UAX #14 for Japanese, which keeps 禁則; ruby and check marks are drawn here. */
#include "view/print_flow.h"

#include "base/limits.h"
#include "base/utf8.h"

struct ruby {
  size_t at, n; /* bytes of the base in the text */
  PangoLayout *layout;
  double width;
};

struct line {
  PangoLayoutLine *line;
  double x, w;
};

struct para {
  PangoLayout *layout;
  struct style style;
  struct line *line;
  size_t n;
  double pitch, baseline, ruby_room;
  struct ruby *ruby;
  size_t rubies;
};

/* A text on its way to becoming a para. */
struct setter {
  struct flow *f;
  struct para *p;
  struct buf text;
  PangoAttrList *attrs;
  double width;
};

static const char families[] = "BIZ UDPGothic,Noto Sans CJK JP,Noto Sans JP,sans-serif";

static PangoLayout *new_layout(struct flow *f, double size, bool bold)
{
  PangoLayout *layout = pango_layout_new(f->pango);
  PangoFontDescription *font = pango_font_description_new();
  arena_cleanup(f->scratch, g_object_unref, layout);
  pango_font_description_set_family_static(font, families);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  return layout;
}

PangoLayout *para_letter(struct flow *f, const char *letter, double size)
{
  PangoLayout *layout = new_layout(f, size, false);
  pango_layout_set_text(layout, letter, -1);
  return g_object_ref(layout);
}

static double layout_width(PangoLayout *layout, struct str text)
{
  int w, h;
  pango_layout_set_text(layout, text.p ? text.p : "", (int)text.n);
  pango_layout_get_size(layout, &w, &h);
  return (double)w / PANGO_SCALE;
}

/* --- pieces --- */

static void add_attr(struct setter *s, PangoAttribute *attr, size_t from, size_t to)
{
  attr->start_index = (guint)from;
  attr->end_index = (guint)to;
  pango_attr_list_insert(s->attrs, attr);
}

/* Short enough to stand on one line: then it is not broken. */
static void keep_together(struct setter *s, size_t from, size_t to, struct str text)
{
  if (((double)utf8_length(text) + 2) * s->p->style.size < s->width)
    add_attr(s, pango_attr_allow_breaks_new(FALSE), from, to);
}

static void add_plain(struct setter *s, struct str text)
{
  if (utf8_valid(text))
    buf_add(&s->text, text);
  else
    buf_add_cstr(&s->text, "\xef\xbf\xbd");
}

/* Where the reading is wider than its base, the base is spaced out. */
static void add_ruby(struct setter *s, struct str base, struct str reading)
{
  struct para *p = s->p;
  size_t from = s->text.n;
  add_plain(s, base);
  if (reading.n == 0 || base.n == 0 || !utf8_valid(reading) || !utf8_valid(base))
    return;
  p->ruby = arena_grow(s->f->scratch, p->ruby, p->rubies * sizeof(*p->ruby), (p->rubies + 1) * sizeof(*p->ruby));
  if (!p->ruby)
    return;
  struct ruby *r = &p->ruby[p->rubies++];
  *r = (struct ruby){.at = from, .n = base.n, .layout = new_layout(s->f, p->style.size * 0.5, false)};
  r->width = layout_width(r->layout, reading);
  double need = r->width - layout_width(new_layout(s->f, p->style.size, p->style.bold), base);
  if (need > 0)
    add_attr(s, pango_attr_letter_spacing_new((int)(need / (double)utf8_length(base) * PANGO_SCALE)), from, s->text.n);
  keep_together(s, from, s->text.n, base);
}

/* Static, since pango keeps the pointer. */
static const enum print_mark *print_mark(struct str name)
{
  static const enum print_mark off = MARK_OFF, on = MARK_ON, worst = MARK_WORST;
  return str_is(name, "on") ? &on : str_is(name, "worst") ? &worst : &off;
}

static void add_check(struct setter *s, struct str mark, struct str text)
{
  double em = s->p->style.size;
  size_t from = s->text.n;
  const enum print_mark *shape = print_mark(mark);
  PangoRectangle box = {0, (int)(-0.86 * em * PANGO_SCALE), (int)(em * PANGO_SCALE), (int)(em * PANGO_SCALE)};
  buf_add_cstr(&s->text, "\xef\xbf\xbc"); /* U+FFFC stands for the shape */
  add_attr(s, pango_attr_shape_new_with_data(&box, &box, (void *)shape, NULL, NULL), from, s->text.n);
  buf_add_cstr(&s->text, "\xc2\xa0"); /* does not break */
  size_t word = s->text.n;
  add_plain(s, text);
  if (*shape == MARK_WORST) /* whole characters: an end within one breaks the drawing of all that follows */
    add_attr(s, pango_attr_weight_new(PANGO_WEIGHT_BOLD), word, s->text.n);
  keep_together(s, from, s->text.n, text);
}

static void add_piece(struct setter *s, const struct doc *piece)
{
  size_t from = s->text.n;
  if (doc_kind(piece) == DOC_STR) {
    add_plain(s, doc_string(piece));
  } else if (doc_get(piece, "base")) {
    add_ruby(s, doc_get_str(piece, "base"), doc_get_str(piece, "ruby"));
  } else if (doc_get(piece, "check")) {
    add_check(s, doc_get_str(piece, "check"), doc_get_str(piece, "text"));
  } else if (doc_get_bool(piece, "pages")) {
    buf_add_i64(&s->text, s->f->pages ? s->f->pages : 10); /* the dry pass keeps room */
  } else if (doc_get(piece, "text")) {
    add_plain(s, doc_get_str(piece, "text"));
    if (doc_get_bool(piece, "bold"))
      add_attr(s, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, s->text.n);
  } else {
    flow_fail(s->f, FAULT, "a piece of text that is none");
  }
}

static void add_text(struct setter *s, const struct doc *text)
{
  switch (doc_kind(text)) {
  case DOC_NULL:
    return;
  case DOC_STR:
    add_plain(s, doc_string(text));
    return;
  case DOC_INT:
    buf_add_i64(&s->text, doc_integer(text));
    return;
  case DOC_MAP:
    add_piece(s, text);
    return;
  case DOC_LIST:
    for (size_t i = 0; i < doc_size(text); i++)
      add_piece(s, doc_at(text, i));
    return;
  case DOC_BOOL:
  case DOC_REAL:
    break;
  }
  flow_fail(s->f, FAULT, "a text that is none");
}

/* --- lines --- */

static void take_lines(struct setter *s)
{
  struct para *p = s->p;
  PangoLayoutIter *iter = pango_layout_get_iter(p->layout);
  p->line = arena_array(s->f->scratch, (size_t)pango_layout_get_line_count(p->layout), sizeof(*p->line));
  do {
    PangoRectangle box;
    if (!p->line)
      break;
    pango_layout_iter_get_line_extents(iter, NULL, &box);
    p->line[p->n++] = (struct line){pango_layout_iter_get_line_readonly(iter), (double)box.x / PANGO_SCALE,
                                    (double)box.width / PANGO_SCALE};
  } while (pango_layout_iter_next_line(iter));
  pango_layout_iter_free(iter);
}

/* One pitch for all lines, whatever fonts stand in them. */
static void measure(struct setter *s)
{
  struct para *p = s->p;
  PangoFontMetrics *m = pango_context_get_metrics(s->f->pango, pango_layout_get_font_description(p->layout), NULL);
  double descent = (double)pango_font_metrics_get_descent(m) / PANGO_SCALE;
  double ascent = (double)pango_font_metrics_get_ascent(m) / PANGO_SCALE;
  pango_font_metrics_unref(m);
  p->pitch = p->style.size * p->style.leading;
  p->baseline = (p->pitch - ascent - descent) / 2 + ascent;
  if (p->rubies) {
    double wanted = p->style.size * 0.62, there = (p->pitch - p->style.size) / 2;
    para_set_ruby_room(p, wanted > there ? wanted - there : 0);
  }
}

double para_ruby_room(const struct para *p)
{
  return p ? p->ruby_room : 0;
}

void para_set_ruby_room(struct para *p, double room)
{
  if (!p)
    return;
  p->pitch += room - p->ruby_room;
  p->baseline += room - p->ruby_room;
  p->ruby_room = room;
}

static bool is_in(const char *set, struct str character)
{
  return character.n == 3 && str_contains(str_from(set), character);
}

/* What UAX #14 leaves to the language: small kana and the like do not begin a line (JIS X 4051), and 「10日」 is not torn apart. */
static void keep_neighbours(struct setter *s, struct str text)
{
  static const char never_first[] = JA("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶーｧｨｩｪｫｬｭｮｯｰ々〻・…‥〜～");
  static const char counters[] = JA("年月日時分秒人名件回号歳才条週円枚点章項");
  size_t digits = 0, before = 0;
  bool run = false;
  for (size_t at = 0; at < text.n;) {
    size_t here = at;
    int32_t cp = utf8_next(text, &at);
    struct str character = str_sub(text, here, at - here);
    if (cp < 0)
      return;
    bool digit = (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
    if (digit && !run)
      digits = here;
    if (!digit && run && is_in(counters, character))
      add_attr(s, pango_attr_allow_breaks_new(FALSE), digits, at);
    else if (here > 0 && is_in(never_first, character))
      add_attr(s, pango_attr_allow_breaks_new(FALSE), before, at);
    run = digit;
    before = here;
  }
}

/* A text with readings is written with blanks between its words (分かち書き): short words are not torn apart. */
static void keep_words(struct setter *s, struct str text)
{
  enum { PART = 3 }; /* of a line: what is longer would leave a gap */
  size_t from = 0;
  for (size_t at = 0; s->p->rubies && at <= text.n; at++) {
    if (at < text.n && text.p[at] != ' ' && text.p[at] != '\n')
      continue;
    struct str word = str_sub(text, from, at - from);
    if ((double)utf8_length(word) * s->p->style.size * PART < s->width)
      add_attr(s, pango_attr_allow_breaks_new(FALSE), from, at);
    from = at + 1;
  }
}

struct para *para_new(struct flow *f, const struct doc *text, struct style style, double width)
{
  static const PangoAlignment alignment[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
  struct para *p = arena_new_of(f->scratch, struct para);
  struct setter s = {.f = f, .p = p, .width = width};
  if (!p || f->failed != OK) {
    flow_fail(f, OOM, "");
    return NULL;
  }
  p->style = style;
  p->layout = new_layout(f, style.size, style.bold);
  s.attrs = pango_attr_list_new();
  buf_init(&s.text, f->scratch, LIMIT_PAGE);
  add_text(&s, text);
  struct str all = buf_str(&s.text);
  keep_neighbours(&s, all);
  keep_words(&s, all);
  pango_layout_set_width(p->layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment(p->layout, alignment[style.align]);
  pango_layout_set_attributes(p->layout, s.attrs);
  pango_layout_set_text(p->layout, all.p ? all.p : "", (int)all.n);
  pango_attr_list_unref(s.attrs);
  measure(&s);
  take_lines(&s);
  if (arena_failed(f->scratch) || s.text.failed)
    flow_fail(f, OOM, "");
  return f->failed == OK ? p : NULL;
}

struct para *para_of(struct flow *f, struct str text, struct style style, double width)
{
  return para_new(f, doc_str(f->scratch, text), style, width);
}

size_t para_lines(const struct para *p)
{
  return p ? p->n : 0;
}

double para_pitch(const struct para *p)
{
  return p ? p->pitch : 0;
}

double para_width(const struct para *p)
{
  double w = 0;
  for (size_t i = 0; p && i < p->n; i++)
    w = p->line[i].w > w ? p->line[i].w : w;
  return w;
}

size_t para_first_byte(const struct para *p, size_t line, struct str *ret_text)
{
  *ret_text = str_from(pango_layout_get_text(p->layout));
  return (size_t)pango_layout_line_get_start_index(p->line[line].line);
}

/* --- drawing --- */

static void draw_rubies(struct flow *f, const struct para *p, const struct line *l, double x, double baseline)
{
  size_t from = (size_t)pango_layout_line_get_start_index(l->line);
  size_t to = from + (size_t)pango_layout_line_get_length(l->line);
  for (size_t i = 0; i < p->rubies; i++) {
    const struct ruby *r = &p->ruby[i];
    int x1, x2;
    if (r->at < from || r->at >= to)
      continue;
    pango_layout_line_index_to_x(l->line, (int)r->at, FALSE, &x1);
    pango_layout_line_index_to_x(l->line, (int)(r->at + r->n < to ? r->at + r->n : to), FALSE, &x2);
    double middle = x + (double)(x1 + x2) / 2 / PANGO_SCALE;
    cairo_move_to(f->cr, middle - r->width / 2, baseline - p->style.size * 0.97);
    pango_cairo_show_layout_line(f->cr, pango_layout_get_line_readonly(r->layout, 0));
  }
}

void para_draw(struct flow *f, const struct para *p, size_t from, size_t to, double x, double y)
{
  if (f->dry || !p)
    return;
  cairo_set_source_rgb(f->cr, 0, 0, 0);
  if (f->leaf)
    flow_tag(f, f->leaf);
  for (size_t i = from; i < to && i < p->n; i++) {
    double baseline = y + (double)(i - from) * p->pitch + p->baseline;
    cairo_move_to(f->cr, x + p->line[i].x, baseline);
    pango_cairo_show_layout_line(f->cr, p->line[i].line);
    draw_rubies(f, p, &p->line[i], x + p->line[i].x, baseline);
  }
  if (f->leaf)
    flow_untag(f, f->leaf);
}
