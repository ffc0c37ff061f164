/* fuzz_main.c: libFuzzer's side: `fuzzers --target=NAME [libFuzzer's options] [folders]`. */
#include <stdint.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_target *target;

__attribute__((visibility("default"))) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
  static const char option[] = "--target=";
  for (int i = 1; i < *argc; i++)
    if (strncmp((*argv)[i], option, sizeof(option) - 1) == 0)
      target = fuzz_find((*argv)[i] + sizeof(option) - 1);
  if (!target) {
    for (size_t i = 0; i < fuzz_count(); i++)
      puts(fuzz_at(i)->name);
    exit(2);
  }
  fuzz_begin();
  return 0;
}

__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  fuzz_run(target, data, size);
  return 0;
}
