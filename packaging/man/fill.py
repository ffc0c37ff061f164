"""fill.py PROGRAM OUTPUT-FOLDER TEMPLATE...: manual pages out of their templates and of what the program itself says of its commands and
options, so that neither can tell of something the other does not know."""
import os, re, subprocess, sys, textwrap

program, folder, templates = sys.argv[1], sys.argv[2], sys.argv[3:]
env = {"PATH": os.environ.get("PATH", ""), "LANG": "C", "ASAN_OPTIONS": "detect_leaks=0"}


def ask(*words):
    return subprocess.run([program, *words, "--help"], env=env, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()


def quoted(text):
    """Text for roff: nothing in it is a request or an escape."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def sentence(text):
    return quoted(text + ("" if text.endswith(".") else "."))


def options(lines):
    """(name, help, default or None) of each option a command takes; those all take stand apart."""
    for line in lines:
        found = re.match(r"  --(\S+)\s+(.*?)(?: \(default (.*)\))?$", line)
        if found:
            yield found.groups()


def commands():
    listed = (re.match(r"  (\S+(?: \S+)*?)\s{2,}(.*)$", line) for line in ask())
    return [(m.group(1), m.group(2)) for m in listed if m]


def commands_text():
    out = []
    for name, summary in commands():
        lines = ask(*name.split())
        usage = lines[0].replace(f"usage: tsunagu {name}", "").replace("[OPTION...]", "").split()
        out += [f".It Cm {name}" + "".join(f" Ar {quoted(a)}" for a in usage), sentence(summary[:1].upper() + summary[1:])]
        own = [o for o in options(lines) if o[0] not in ("db", "key", "config", "help")]
        if own:
            out.append("Options: " + ", ".join(f"\\-\\-{quoted(o[0])}" for o in own) + ".")
    return out


def keys_text():
    told, users = {}, {}
    for name, _ in commands():
        for key, text, default in options(ask(*name.split())):
            told[key] = (text, default)
            users.setdefault(key, []).append(name)
    out = []
    for key, (text, default) in told.items():
        if key in ("config", "help"):
            continue
        out += [f".It Ic {quoted(key)}", sentence(text)]
        if default:
            out.append(f"Without it: {quoted(default)}.")
        if key not in ("db", "key"):
            out.append(f"For {quoted(', '.join(users[key]))}.")
    return out


def wrapped(line):
    if line.startswith(".") or len(line) <= 80:
        return [line]
    return textwrap.wrap(line, 80, break_on_hyphens=False, break_long_words=False)


for template in templates:
    with open(template) as f:
        lines = f.read().splitlines()
    filled = []
    for line in lines:
        filled += {"@COMMANDS@": commands_text, "@KEYS@": keys_text}.get(line, lambda line=line: [line])()
    with open(os.path.join(folder, os.path.basename(template).removesuffix(".in")), "w") as f:
        f.write("\n".join(part for line in filled for part in wrapped(line)) + "\n")
