#!/bin/sh
# po.sh TOOL: what the catalog generator refuses, and that its message names file and line.
tool=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

# refuse WHAT TEXT: the one file x.po with this text must not become a table
refuse() {
  mkdir -p "$work/in"
  printf '%b' "$2" > "$work/in/x.po"
  if "$tool" "$work/out.c" "$work/out.d" "$work/in" 2> "$work/err" || [ -e "$work/out.c" ]; then
    echo "not refused: $1"; bad=1
  elif ! grep -q "x.po:[0-9]*: $1" "$work/err"; then
    echo "refused with another message: $1"; cat "$work/err"; bad=1
  fi
}

refuse 'fuzzy entry' '#, fuzzy\nmsgid "あ"\nmsgstr "A"\n'
refuse 'two different translations' 'msgid "あ"\nmsgstr "A"\n\nmsgid "い"\nmsgstr "I"\n\nmsgid "あ"\nmsgstr "B"\n'
refuse 'placeholders differ' 'msgid "%1と%2"\nmsgstr "%1"\n'
refuse 'not understood' 'msgctxt "x"\nmsgid "あ"\nmsgstr "A"\n'
refuse 'not a quoted string' 'msgid "あ\nmsgstr "A"\n'

mkdir -p "$work/good"
printf 'msgid ""\nmsgstr "Content-Type: x"\n\n# c\nmsgid ""\n"い"\n"う"\nmsgstr "a \\"b\\"\\n"\n' > "$work/good/a.po"
printf 'msgid "あ"\nmsgstr "A"\n\nmsgid "あ"\nmsgstr "A"\n' > "$work/good/b.po"
"$tool" "$work/out.c" "$work/out.d" "$work/good" || bad=1
grep -q 'S("いう"), S("a \\"b\\"\\n"), "a.po:5"' "$work/out.c" || { echo 'joined lines or escapes are wrong'; bad=1; }
grep -q 'catalog_en_count = 2;' "$work/out.c" || { echo 'the same translation twice is not one'; bad=1; }
exit $bad
