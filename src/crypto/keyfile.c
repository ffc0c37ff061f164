/* keyfile.c: the keys in memory. */
#include "crypto/keyfile.h"

#include <sodium.h>
#include <unistd.h>

#include "crypto/seal_raw.h"

/* --- memory --- */

static void free_epochs(struct epoch *newest)
{
  while (newest) {
    struct epoch *older = newest->older;
    sodium_free(newest);
    newest = older;
  }
}

static void free_networks(struct network_keys *n)
{
  while (n) {
    struct network_keys *next = n->next;
    free_epochs(n->newest);
    sodium_free(n);
    n = next;
  }
}

static struct keyfile *blank(const char *path)
{
  struct keyfile *k = calloc(1, sizeof(*k));
  if (!k)
    return NULL;
  k->path = strdup(path);
  if (!k->path || pthread_rwlock_init(&k->lock, NULL) != 0) {
    free(k->path);
    free(k);
    return NULL;
  }
  return k;
}

void keyfile_free(struct keyfile *k)
{
  if (!k)
    return;
  free_networks(k->networks);
  pthread_rwlock_destroy(&k->lock);
  sodium_memzero(k->pepper, sizeof(k->pepper));
  free(k->path);
  free(k);
}

struct network_keys *keyfile_find(const struct keyfile *k, id64 network)
{
  struct network_keys *n = k->networks;
  while (n && n->network != network)
    n = n->next;
  return n;
}

static struct epoch *epoch_new(int number)
{
  struct epoch *p = sodium_malloc(sizeof(*p));
  if (p) {
    *p = (struct epoch){.number = number};
    seal_key_new(&p->key);
  }
  return p;
}

/* `like` (may be NULL): whose audit key and signing seed it takes over. */
static struct network_keys *network_new(id64 network, const struct network_keys *like)
{
  struct network_keys *n = sodium_malloc(sizeof(*n));
  struct epoch *first = epoch_new(1);
  if (!n || !first) {
    sodium_free(n);
    sodium_free(first);
    return NULL;
  }
  *n = (struct network_keys){.network = network, .newest = first};
  randombytes_buf(n->audit, sizeof(n->audit));
  randombytes_buf(n->sign_seed, sizeof(n->sign_seed));
  if (like) {
    memcpy(n->audit, like->audit, sizeof(n->audit));
    memcpy(n->sign_seed, like->sign_seed, sizeof(n->sign_seed));
  }
  return n;
}

/* --- create, open, change --- */

enum code keyfile_create(const char *path, struct keyfile **ret, struct err *e)
{
  int folder;
  struct keyfile *k = blank(path);
  if (!k)
    return err_oom(e);
  enum code c = keyfile_lock_folder(path, &folder, e);
  if (c == OK) {
    randombytes_buf(k->pepper, sizeof(k->pepper));
    c = keyfile_save(k, folder, true, e);
    close(folder);
  }
  if (c == OK)
    *ret = k;
  else
    keyfile_free(k);
  return c;
}

enum code keyfile_open(const char *path, struct keyfile **ret, struct err *e)
{
  struct keyfile *k = blank(path);
  enum code c = k ? keyfile_load(k, e) : err_oom(e);
  if (c == OK)
    *ret = k;
  else
    keyfile_free(k);
  return c;
}

/* Takes over networks and epochs that `fresh` has read. Networks never go: their nodes, to which callers hold pointers,
 * stay where they are. */
static void merge(struct keyfile *k, struct keyfile *fresh)
{
  struct network_keys **at = &fresh->networks;
  while (*at) {
    struct network_keys *n = *at, *mine = keyfile_find(k, n->network);
    if (mine) {
      struct epoch *old = mine->newest;
      mine->newest = n->newest;
      n->newest = old; /* freed with fresh */
      at = &n->next;
    } else {
      *at = n->next;
      n->next = k->networks;
      k->networks = n;
    }
  }
}

/* With k->lock held for writing. */
static enum code read_again(struct keyfile *k, struct err *e)
{
  struct keyfile *fresh = blank(k->path);
  enum code c = fresh ? keyfile_load(fresh, e) : err_oom(e);
  if (c == OK && sodium_memcmp(fresh->pepper, k->pepper, sizeof(k->pepper)) != 0) {
    c = err_set(e, CONFLICT, TR("鍵ファイルが別のものに置き換えられています。"));
    err_detail(e, "%s", k->path);
  }
  if (c == OK)
    merge(k, fresh);
  keyfile_free(fresh);
  return c;
}

enum code keyfile_reload(struct keyfile *k, struct err *e)
{
  pthread_rwlock_wrlock(&k->lock);
  enum code c = read_again(k, e);
  pthread_rwlock_unlock(&k->lock);
  return c;
}

/* One change, and what is needed to take it back when it could not be saved: a key that is in memory but not on the disk
 * would seal what nobody can open tomorrow. */
struct change {
  id64 network;
  int epoch;
  const struct network_keys *like;    /* for a network that is new */
  struct network_keys *added, *grown; /* a network that is new, or one that has a new epoch */
  struct epoch *gone, **gone_at;      /* an epoch taken out, and where it hung */
};

static void settle(struct keyfile *k, struct change *what, bool saved)
{
  if (saved) {
    sodium_free(what->gone);
    return;
  }
  if (what->added) {
    k->networks = what->added->next;
    what->added->next = NULL;
    free_networks(what->added);
  }
  if (what->grown) {
    struct epoch *newest = what->grown->newest;
    what->grown->newest = newest->older;
    sodium_free(newest);
  }
  if (what->gone)
    *what->gone_at = what->gone; /* it still knows its older ones */
}

/* Under both locks: reads the file again, lets fn change the lists, saves. */
static enum code apply(struct keyfile *k, struct change *what,
                       enum code (*fn)(struct keyfile *, struct change *, struct err *), struct err *e)
{
  int folder = -1;
  pthread_rwlock_wrlock(&k->lock);
  enum code c = keyfile_lock_folder(k->path, &folder, e);
  if (c == OK)
    c = read_again(k, e);
  if (c == OK)
    c = fn(k, what, e);
  if (c == OK && (what->added || what->grown || what->gone))
    c = keyfile_save(k, folder, false, e);
  settle(k, what, c == OK);
  if (folder >= 0)
    close(folder);
  pthread_rwlock_unlock(&k->lock);
  return c;
}

static enum code add_network(struct keyfile *k, struct change *what, struct err *e)
{
  if (keyfile_find(k, what->network))
    return OK;
  struct network_keys *n = network_new(what->network, what->like);
  if (!n)
    return err_oom(e);
  n->next = k->networks;
  k->networks = n;
  what->added = n;
  return OK;
}

static enum code unknown_network(struct err *e)
{
  return err_set(e, INVALID, TR("鍵ファイルにこのネットワークの鍵がありません。"));
}

static enum code add_epoch(struct keyfile *k, struct change *what, struct err *e)
{
  struct network_keys *n = keyfile_find(k, what->network);
  if (!n)
    return unknown_network(e);
  struct epoch *next = epoch_new(n->newest->number + 1);
  if (!next)
    return err_oom(e);
  next->older = n->newest;
  n->newest = next;
  what->epoch = next->number;
  what->grown = n;
  return OK;
}

static enum code drop_epoch(struct keyfile *k, struct change *what, struct err *e)
{
  struct network_keys *n = keyfile_find(k, what->network);
  if (!n)
    return unknown_network(e);
  if (n->newest->number == what->epoch)
    return err_set(e, INVALID, TR("いま使っている鍵は捨てられません。"));
  struct epoch **at = &n->newest->older;
  while (*at && (*at)->number != what->epoch)
    at = &(*at)->older;
  if (*at) { /* else it is gone already */
    what->gone = *at;
    what->gone_at = at;
    *at = what->gone->older;
  }
  return OK;
}

enum code keyfile_add_network(struct keyfile *k, id64 network, struct err *e)
{
  struct change what = {.network = network};
  if (network <= 0)
    return BUG(e, "keyfile_add_network: no network");
  return apply(k, &what, add_network, e);
}

enum code keyfile_take_network(struct keyfile *k, const struct keyfile *from, id64 network, struct err *e)
{
  struct change what = {.network = network, .like = keyfile_find(from, network)};
  return what.like ? apply(k, &what, add_network, e) : unknown_network(e);
}

enum code keyfile_add_epoch(struct keyfile *k, id64 network, int *ret_epoch, struct err *e)
{
  struct change what = {.network = network};
  enum code c = apply(k, &what, add_epoch, e);
  if (c == OK)
    *ret_epoch = what.epoch;
  return c;
}

enum code keyfile_drop_epoch(struct keyfile *k, id64 network, int epoch, struct err *e)
{
  struct change what = {.network = network, .epoch = epoch};
  return apply(k, &what, drop_epoch, e);
}

/* --- reading --- */

static const struct network_keys *locked_find(const struct keyfile *k, id64 network)
{
  pthread_rwlock_t *lock = (pthread_rwlock_t *)&k->lock;
  pthread_rwlock_rdlock(lock);
  const struct network_keys *n = keyfile_find(k, network);
  pthread_rwlock_unlock(lock);
  return n;
}

bool keyfile_empty(const struct keyfile *k)
{
  pthread_rwlock_t *lock = (pthread_rwlock_t *)&k->lock;
  pthread_rwlock_rdlock(lock);
  bool empty = !k->networks;
  pthread_rwlock_unlock(lock);
  return empty;
}

bool keyfile_has_network(const struct keyfile *k, id64 network)
{
  return locked_find(k, network) != NULL;
}

const unsigned char *keyfile_audit_key(const struct keyfile *k, id64 network)
{
  const struct network_keys *n = locked_find(k, network);
  return n ? n->audit : NULL;
}

const unsigned char *keyfile_sign_seed(const struct keyfile *k, id64 network)
{
  const struct network_keys *n = locked_find(k, network);
  return n ? n->sign_seed : NULL;
}

const unsigned char *keyfile_pepper(const struct keyfile *k)
{
  return k->pepper;
}

/* The key of an epoch, or of the newest one for 0; its number, or 0 when there is none. ret may be NULL. */
static int copy_epoch(const struct keyfile *k, id64 network, int epoch, struct seal_key *ret)
{
  int found = 0;
  pthread_rwlock_t *lock = (pthread_rwlock_t *)&k->lock;
  pthread_rwlock_rdlock(lock);
  const struct network_keys *n = keyfile_find(k, network);
  const struct epoch *at = n ? n->newest : NULL;
  while (at && epoch && at->number != epoch)
    at = at->older;
  if (at) {
    found = at->number;
    if (ret)
      *ret = at->key;
  }
  pthread_rwlock_unlock(lock);
  return found;
}

int keyfile_epoch(const struct keyfile *k, id64 network)
{
  return copy_epoch(k, network, 0, NULL);
}

/* --- wrapping --- */

/* An epoch that this process does not know yet may be one that another process has just added. */
static enum code epoch_key(const struct keyfile *k, id64 network, int epoch, struct seal_key *ret, struct err *e)
{
  struct err ignored;
  if (epoch > 0 && copy_epoch(k, network, epoch, ret))
    return OK;
  if (epoch > 0 && keyfile_reload((struct keyfile *)k, &ignored) == OK && copy_epoch(k, network, epoch, ret))
    return OK;
  enum code c = err_set(e, INVALID, TR("鍵ファイルに、この情報を開く鍵がありません。"));
  err_detail(e, "key file knows no epoch %d of the network", epoch);
  return c;
}

static struct seal_at wrapped_at(id64 network, id64 owner)
{
  return (struct seal_at){.table = "person_key", .column = "wrapped", .network = network, .row = owner};
}

enum code key_wrap(struct arena *a, const struct keyfile *k, id64 network, int epoch, id64 owner,
                   const struct seal_key *key, struct str *ret, struct err *e)
{
  struct seal_key with;
  enum code c = epoch_key(k, network, epoch, &with, e);
  if (c != OK)
    return c;
  c = seal(a, &with, wrapped_at(network, owner), (struct str){(const char *)key->k, SEAL_KEY}, ret, e);
  sodium_memzero(&with, sizeof(with));
  return c;
}

enum code key_unwrap(const struct keyfile *k, id64 network, int epoch, id64 owner, struct str wrapped,
                     struct seal_key *ret, struct err *e)
{
  struct seal_key with, opened;
  struct seal_at at = wrapped_at(network, owner);
  if (wrapped.n != SEAL_KEY + SEAL_OVERHEAD)
    return seal_not_opened(at, e);
  enum code c = epoch_key(k, network, epoch, &with, e);
  if (c != OK)
    return c;
  if (unseal_raw(&with, at, wrapped, opened.k))
    *ret = opened;
  else
    c = seal_not_opened(at, e);
  sodium_memzero(&with, sizeof(with));
  sodium_memzero(&opened, sizeof(opened));
  return c;
}
