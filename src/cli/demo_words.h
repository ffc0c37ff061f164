/* demo_words.h: the words in which demo_text.c and demo_text_more.c tell lives. */
#ifndef CLI_DEMO_WORDS_H
#define CLI_DEMO_WORDS_H
#include "cli/demo_life.h"

#define AT(d, h, m) .days = d, .hour = h, .minute = m
#define OPEN(days, hour, minute, by)                                                                                   \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_OPEN, .who = by                                                              \
  }
#define RECORD(days, hour, minute, by, ...)                                                                            \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_RECORD, .who = by, .record = &(const struct life_record)                     \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define CONSENT(days, hour, minute, writer, ...)                                                                       \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_CONSENT, .who = writer, .consent = &(const struct life_consent)              \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define WITHDRAW(days, hour, minute, writer, nth)                                                                      \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_WITHDRAW, .who = writer, .withdrawal = &(const struct life_withdrawal)       \
    {                                                                                                                  \
      nth, PARTY_GUARDIAN, -1                                                                                          \
    }                                                                                                                  \
  }
#define SHEET(days, hour, minute, by, ...)                                                                             \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_SHEET, .who = by, .sheet = &(const struct life_sheet)                        \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define REPLY(days, hour, minute, by, ...)                                                                             \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_REPLY, .who = by, .reply = &(const struct life_reply)                        \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define LOOK(days, hour, minute, by)                                                                                   \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_LOOK, .who = by                                                              \
  }
#define STAGE(days, hour, minute, by, word)                                                                            \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_STAGE, .who = by, .stage = word                                              \
  }
#define PUT(days, hour, minute, by, ...)                                                                               \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_PUT, .who = by, .put = &(const struct life_put)                              \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define ASSIGN(days, hour, minute, by, whom)                                                                           \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_ASSIGN, .who = by, .assign = &(const struct life_assign)                     \
    {                                                                                                                  \
      whom                                                                                                             \
    }                                                                                                                  \
  }
#define CONCEAL(days, hour, minute, by, ...)                                                                           \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_CONCEAL, .who = by, .bar = &(const struct life_bar)                          \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define FAMILY(days, hour, minute, by, ...)                                                                            \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_FAMILY, .who = by, .family = &(const struct life_family)                     \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
#define RESTRICT(days, hour, minute, by, whom)                                                                         \
  {                                                                                                                    \
    AT(days, hour, minute), .kind = SCENE_RESTRICT, .who = by, .bar = &(const struct life_bar)                         \
    {                                                                                                                  \
      .against = whom                                                                                                  \
    }                                                                                                                  \
  }
#define PERSON(t)                                                                                                      \
  {                                                                                                                    \
    .source = SOURCE_PERSON, .text = t                                                                                 \
  }
#define AROUND(t)                                                                                                      \
  {                                                                                                                    \
    .source = SOURCE_AROUND, .text = t                                                                                 \
  }
#define BODY(t)                                                                                                        \
  {                                                                                                                    \
    .source = SOURCE_OTHER_BODY, .text = t                                                                             \
  }
#define STAFF_SAYS(t)                                                                                                  \
  {                                                                                                                    \
    .source = SOURCE_STAFF, .text = t                                                                                  \
  }
#define PERSON_OF(c, t)                                                                                                \
  {                                                                                                                    \
    .source = SOURCE_PERSON, .category = c, .text = t                                                                  \
  }
#define AROUND_OF(c, t)                                                                                                \
  {                                                                                                                    \
    .source = SOURCE_AROUND, .category = c, .text = t                                                                  \
  }
#define STAFF_OF(c, t)                                                                                                 \
  {                                                                                                                    \
    .source = SOURCE_STAFF, .category = c, .text = t                                                                   \
  }
#define VISIT(t)                                                                                                       \
  {                                                                                                                    \
    .source = SOURCE_STAFF, .text = t, .visit = true                                                                   \
  }

#define STANDARD (CAT_BASIC | CAT_CONTACT | CAT_EDUCATION | CAT_SUPPORT | CAT_STRENGTH)
#define SCENES(name) .scenes = name, .count = sizeof(name) / sizeof(*name)

#endif
