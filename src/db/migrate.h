/* migrate.h: the texts of migrations/{sqlite,postgresql}/NNNN.sql as the build puts them into the binary (embed.py). */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

struct migration {
  int number;
  const char *text, *end;
};

/* Both lists hold the numbers 1..migrations_count; the build fails if they do not. */
extern const int migrations_count;
extern const struct migration migrations_sqlite[], migrations_postgresql[];

#endif
