#!/bin/sh
# build.sh OUTDIR [STAMP]: makes what the program serves under /assets: app.css, fonts.css, app.js, the pictures and the fonts. Links to other assets
# are written /assets/NAME; the embedder puts the content's hash into them. Packages come from package-lock.json, fetched when missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh OUTDIR [STAMP]}
packages=$here/node_modules
font=$packages/@fontsource/biz-udpgothic

if ! cmp -s "$here/package-lock.json" "$packages/.installed-lock.json"; then
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  cp "$here/package-lock.json" "$packages/.installed-lock.json"
fi

mkdir -p "$out/fonts"
# Writes standard input to a file, but only when that changes it, so that nothing is rebuilt in vain.
put() {
  new=$(mktemp "$out/.new.XXXXXX")
  cat >"$new"
  if cmp -s "$new" "$out/$1"; then rm "$new"; else chmod 644 "$new" && mv "$new" "$out/$1"; fi
}

{ cat "$packages/@digital-go-jp/design-tokens/dist/tokens.css"; cat "$here"/css/*.css; } | put app.css
cat "$font/400.css" "$font/700.css" |
  sed -e '/^\/\*/d' -e '/^$/d' -e "s|url(\./files/\([a-z0-9-]*\.woff2\)) format('woff2').*|url(/assets/fonts/\1) format('woff2');|" | put fonts.css
for file in $(sed -n 's|.*url(/assets/\(fonts/[^)]*\)).*|\1|p' "$out/fonts.css"); do
  cmp -s "$font/files/${file#fonts/}" "$out/$file" || cp "$font/files/${file#fonts/}" "$out/$file"
done
cat "$here"/js/*.js | put app.js
for file in "$here"/img/*.svg; do put "$(basename "$file")" <"$file"; done
put BIZ-UDPGothic-OFL.txt <"$font/LICENSE"
[ -z "${2:-}" ] || : >"$2"
