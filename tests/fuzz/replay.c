/* replay.c CORPUS [TARGET]: runs every kept input through its target, for any compiler and in every run of the tests. CORPUS holds a
 * folder a target; a target without inputs and a folder without target are failures. TAP. */
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

static char now[1024]; /* the file under way, for whoever looks at a crash */

static void on_crash(int number)
{
  ssize_t ignored = write(STDERR_FILENO, now, strlen(now));
  (void)ignored;
  signal(number, SIG_DFL);
  raise(number);
}

static bool run_file(const struct fuzz_target *t, const char *path)
{
  struct stat st = {0};
  FILE *f = fopen(path, "re");
  if (!f)
    return false;
  bool good = fstat(fileno(f), &st) == 0;
  size_t n = (size_t)st.st_size;
  char *p = malloc(n + 1);
  good = good && p && fread(p, 1, n, f) == n;
  fclose(f);
  if (good)
    fuzz_run(t, p, n);
  free(p);
  return good;
}

static int visible(const struct dirent *d)
{
  return d->d_name[0] != '.';
}

/* The number of files run, -1 where one cannot be read. */
static int run_target(const struct fuzz_target *t, const char *corpus)
{
  struct dirent **names = NULL;
  char path[900];
  snprintf(path, sizeof(path), "%s/%s", corpus, t->name);
  int n = scandir(path, &names, visible, alphasort), bad = 0;
  for (int i = 0; i < n; i++) {
    snprintf(path, sizeof(path), "%s/%s/%s", corpus, t->name, names[i]->d_name);
    snprintf(now, sizeof(now), "in %s\n", path);
    bad |= !run_file(t, path);
    free(names[i]);
  }
  free(names);
  return bad ? -1 : n;
}

static int folders_without_target(const char *corpus)
{
  struct dirent **names = NULL;
  int n = scandir(corpus, &names, visible, alphasort), bad = n < 0;
  for (int i = 0; i < n; i++) {
    if (!fuzz_find(names[i]->d_name)) {
      printf("# no target for %s\n", names[i]->d_name);
      bad++;
    }
    free(names[i]);
  }
  free(names);
  return bad;
}

int main(int argc, char **argv)
{
  int bad = 0, number = 0;
  if (argc < 2)
    return 2;
  signal(SIGABRT, on_crash);
  signal(SIGPIPE, SIG_IGN);
  fuzz_begin();
  for (size_t i = 0; i < fuzz_count(); i++) {
    const struct fuzz_target *t = fuzz_at(i);
    if (argc > 2 && strcmp(argv[2], t->name) != 0)
      continue;
    int n = run_target(t, argv[1]);
    bad += n <= 0;
    printf("%s %d - %s holds for %d inputs\n", n > 0 ? "ok" : "not ok", ++number, t->name, n);
    fflush(stdout);
  }
  if (argc == 2) {
    int strays = folders_without_target(argv[1]);
    bad += strays;
    printf("%s %d - every folder has its target\n", strays ? "not ok" : "ok", ++number);
  }
  printf("1..%d\n", number);
  return bad || !number;
}
