/* arena.h: memory that lives as long as one request, one command or one test. Pointers into it are borrowed and die
 * with it. When memory runs out or the cap is reached the arena turns failed, hands out NULL from then on, and
 * whoever finishes the work asks arena_failed() once; builders (buf, doc) are no-ops on NULL, so nothing in between
 * has to check. Not thread-safe. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* cap: most bytes this arena may hold (limits.h). NULL when malloc fails. */
struct arena *arena_new(size_t cap);
void arena_free(struct arena *a); /* runs the cleanups, newest first; NULL is legal */
/* Empties it for the next request and keeps its first block. */
void arena_reset(struct arena *a);
/* From now on what it held is overwritten when it is reset or freed: for keys. */
void arena_mark_secret(struct arena *a);
/* Zeroed, aligned for any type. n == 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc));
void *arena_array(struct arena *a, size_t count, size_t size); /* overflow: failed */
char *arena_copy(struct arena *a, const void *p, size_t n);    /* adds a NUL after n bytes */
/* Makes room for n bytes where `old` were: in place when p was the last allocation, else moved. NULL p is legal. */
void *arena_grow(struct arena *a, void *p, size_t old, size_t n);
/* The same, not zeroed behind `old`: for who fills it before it is read. */
void *arena_stretch(struct arena *a, void *p, size_t old, size_t n);
bool arena_failed(const struct arena *a);
/* fn(p) when the arena is freed or reset: for descriptors, statements, libraries' objects. Not counted by the cap and
 * kept also by an arena that has failed. */
void arena_cleanup(struct arena *a, void (*fn)(void *), void *p);

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
