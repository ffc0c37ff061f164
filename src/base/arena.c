/* arena.c: a list of blocks, each twice the size of the one before. What is given out is cleared then: a request uses less than half of its
 * blocks. The first one is wiped on reset. */
#include "base/arena.h"

#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define HIDE(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define HIDE(p, n) ((void)0)
#define SHOW(p, n) ((void)0)
#endif

enum { ALIGN = 16, FIRST_BLOCK = 16 << 10, LARGEST_STEP = 1 << 20 };

struct block {
  struct block *older;
  size_t size, used;
  _Alignas(ALIGN) unsigned char data[];
};

struct cleanup {
  struct cleanup *older;
  void (*fn)(void *);
  void *p;
};

struct arena {
  struct block *top;
  struct cleanup *cleanups;
  size_t cap, held;
  bool failed, secret;
};

static size_t round_up(size_t n)
{
  return (n + (ALIGN - 1)) & ~(size_t)(ALIGN - 1);
}

static struct block *block_new(struct block *older, size_t size)
{
  struct block *b = malloc(sizeof(*b) + size);
  if (!b)
    return NULL;
  *b = (struct block){.older = older, .size = size};
  HIDE(b->data, size);
  return b;
}

static void block_free(const struct arena *a, struct block *b)
{
  SHOW(b->data, b->size);
  if (a->secret)
    explicit_bzero(b->data, b->used);
  free(b);
}

static void *arena_fail(struct arena *a)
{
  a->failed = true;
  return NULL;
}

struct arena *arena_new(size_t cap)
{
  struct arena *a = calloc(1, sizeof(*a));
  if (!a)
    return NULL;
  a->cap = cap;
  a->held = cap < FIRST_BLOCK ? cap : FIRST_BLOCK;
  a->top = block_new(NULL, a->held);
  if (!a->top) {
    free(a);
    return NULL;
  }
  return a;
}

static void run_cleanups(struct arena *a)
{
  /* A cleanup may register another one: take them off one by one. */
  while (a->cleanups) {
    struct cleanup *c = a->cleanups;
    a->cleanups = c->older;
    c->fn(c->p);
    free(c);
  }
}

void arena_free(struct arena *a)
{
  if (!a)
    return;
  run_cleanups(a);
  while (a->top) {
    struct block *older = a->top->older;
    block_free(a, a->top);
    a->top = older;
  }
  free(a);
}

void arena_reset(struct arena *a)
{
  if (!a)
    return;
  run_cleanups(a);
  while (a->top->older) {
    struct block *older = a->top->older;
    block_free(a, a->top);
    a->top = older;
  }
  SHOW(a->top->data, a->top->size);
  memset(a->top->data, 0, a->top->used);
  HIDE(a->top->data, a->top->size);
  a->top->used = 0;
  a->held = a->top->size;
  a->failed = false;
}

void arena_mark_secret(struct arena *a)
{
  if (a)
    a->secret = true;
}

/* Puts a block on top that has room for n (a multiple of ALIGN) bytes. */
static bool arena_extend(struct arena *a, size_t n)
{
  size_t left = a->cap - a->held;
  size_t size = a->top->size * 2;
  if (size > LARGEST_STEP)
    size = LARGEST_STEP;
  if (size < n)
    size = n;
  if (size > left)
    size = left;
  if (size < n)
    return false;
  struct block *b = block_new(a->top, size);
  if (!b)
    return false;
  a->top = b;
  a->held += size;
  return true;
}

/* As it is: whoever takes it fills it. */
static unsigned char *take(struct arena *a, size_t n)
{
  if (!a || a->failed)
    return NULL;
  if (n > SIZE_MAX - ALIGN)
    return arena_fail(a);
  size_t want = n ? round_up(n) : ALIGN;
  if (want > a->top->size - a->top->used && !arena_extend(a, want))
    return arena_fail(a);
  unsigned char *p = a->top->data + a->top->used;
  a->top->used += want;
  SHOW(p, n);
  return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
  unsigned char *p = take(a, n);
  return p ? memset(p, 0, n) : NULL;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
  size_t n;
  if (!a)
    return NULL;
  if (__builtin_mul_overflow(count, size, &n))
    return arena_fail(a);
  return arena_alloc(a, n);
}

void *arena_stretch(struct arena *a, void *p, size_t old, size_t n)
{
  if (!a || a->failed)
    return NULL;
  if (n > SIZE_MAX - ALIGN)
    return arena_fail(a);
  struct block *b = a->top;
  size_t had = old ? round_up(old) : ALIGN;
  size_t want = n ? round_up(n) : ALIGN;
  unsigned char *bytes = p;
  if (bytes && n >= old && bytes + had == b->data + b->used && want - had <= b->size - b->used) {
    b->used += want - had;
    SHOW(bytes, n);
    return p;
  }
  unsigned char *moved = take(a, n);
  size_t kept = !bytes ? 0 : old < n ? old : n;
  if (moved && kept)
    memcpy(moved, bytes, kept);
  return moved;
}

void *arena_grow(struct arena *a, void *p, size_t old, size_t n)
{
  size_t kept = !p ? 0 : old < n ? old : n;
  unsigned char *bytes = arena_stretch(a, p, old, n);
  if (bytes)
    memset(bytes + kept, 0, n - kept);
  return bytes;
}

char *arena_copy(struct arena *a, const void *p, size_t n)
{
  if (n == SIZE_MAX) {
    if (a)
      arena_fail(a);
    return NULL;
  }
  char *copy = (char *)take(a, n + 1);
  if (copy && n)
    memcpy(copy, p, n);
  if (copy)
    copy[n] = 0;
  return copy;
}

bool arena_failed(const struct arena *a)
{
  return !a || a->failed;
}

void arena_cleanup(struct arena *a, void (*fn)(void *), void *p)
{
  /* Outside of the cap: what is open must be closed even when the arena is full. Without the few bytes for the note
   * the object is left open rather than closed under its user. */
  struct cleanup *c = malloc(sizeof(*c));
  if (!a || !c) {
    if (a)
      arena_fail(a);
    free(c);
    return;
  }
  *c = (struct cleanup){.older = a->cleanups, .fn = fn, .p = p};
  a->cleanups = c;
}
