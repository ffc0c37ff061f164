/* code.h: the one list of results. Every function that can fail returns one of these; status and message of
 * each are in the one table of err.c. BUG is our own fault, everything else is a value the caller handles. */
#ifndef BASE_CODE_H
#define BASE_CODE_H

enum code {
  OK = 0,
  NOT_FOUND, /* no such thing, or none that the actor may know of: the two are never told apart */
  DENIED,    /* known actor, known action, not allowed */
  INVALID,   /* the input is wrong; err.field and err.msg say where and what would be right */
  CONFLICT,  /* somebody was faster, or a unique rule is hit; err.detail carries the constraint's name */
  RETRY,     /* serialization failure, lost connection: the same call may succeed */
  LIMIT,     /* too much, too many, too often */
  IO,        /* disk, network, database gone */
  OOM,
  FAULT, /* our own bug, see BUG() in err.h */
  CODE_COUNT
};

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
