/* settings_web.c: /settings: what a town decides for its network. */
#include "connection/opening.h"
#include "gate/handler.h"
#include "network/network.h"
#include "web/settings_sql.h"

static const char *const stage_codes[] = {"preparing", "established", NULL};
static const struct field fields[] = {
    {.name = "stage", .kind = FIELD_CHOICE, .required = true, .options = stage_codes, .label = TR("協議会")},
    {.name = "silence_days",
     .kind = FIELD_INT,
     .required = true,
     .min = 1,
     .max = 60,
     .label = TR("返事を待つ日数（開庁日）")},
    {.name = "expiry_days",
     .kind = FIELD_INT,
     .required = true,
     .min = 14,
     .max = 730,
     .label = TR("返事のないつなぎを終える日数")},
    {.name = "renewal_days",
     .kind = FIELD_INT,
     .min = 0,
     .max = 180,
     .required = true,
     .label = TR("同意が終わる何日前に知らせるか")},
    {.name = "support_meeting", .kind = FIELD_BOOL, .label = TR("社会福祉法106条の6の支援会議を開いています")},
    {.name = "needy_meeting", .kind = FIELD_BOOL, .label = TR("生活困窮者自立支援法9条の支援会議を開いています")},
    {.name = "heard_needed", .kind = FIELD_BOOL, .label = TR("保護者が同意するときも、本人の気持ちを聞く")},
    {.name = "joint_needs_all", .kind = FIELD_BOOL, .label = TR("共同親権のときは、親権のある人全員の同意が要る")},
    {.name = "guardian_overrides", .kind = FIELD_BOOL, .label = TR("本人がことわっても、保護者の同意で伝えてよい")},
    {.name = "stand_in_allowed", .kind = FIELD_BOOL, .label = TR("課内代行（代わりに電話を受ける）を使う")},
    {.name = "emergency",
     .kind = FIELD_LINES,
     .max = 2000,
     .label = TR("「虐待かもしれない」に出す、この町の電話番号")},
    {0}};

struct settings_job {
  struct request *rq;
  struct settings now;
};

static enum code read_settings(struct tx *tx, void *arg, struct err *e)
{
  struct settings_job *job = arg;
  const struct scope *s = NULL;
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  return c == OK ? settings_sql_get(tx, job->rq->arena, &job->now, e) : c;
}

static bool is_off(struct str off, const char *code)
{
  struct str rest = off, word;
  while (str_split(&rest, ' ', &word))
    if (str_is(word, code))
      return true;
  return false;
}

static void put_number(struct doc *d, struct arena *a, const char *key, int64_t n)
{
  doc_put_str(d, key, str_printf(a, "%lld", (long long)n));
}

static enum code page(struct request *rq, struct response *rs, struct err *e)
{
  struct settings_job job = {.rq = rq};
  struct doc *d = doc_map(rq->arena), *f = doc_map(rq->arena);
  const struct settings *n = &job.now;
  enum code c = gate_read(rq, read_settings, &job, e);
  if (c != OK)
    return c;
  doc_put_str(f, "stage", n->stage);
  put_number(f, rq->arena, "silence_days", n->silence_days);
  put_number(f, rq->arena, "expiry_days", n->expiry_days);
  put_number(f, rq->arena, "renewal_days", n->renewal_days);
  doc_put_bool(f, "support_meeting", !is_off(n->basis_off, "support_meeting"));
  doc_put_bool(f, "needy_meeting", !is_off(n->basis_off, "needy_meeting"));
  doc_put_bool(f, "heard_needed", n->heard_needed);
  doc_put_bool(f, "joint_needs_all", n->joint_needs_all);
  doc_put_bool(f, "guardian_overrides", n->guardian_overrides);
  doc_put_bool(f, "stand_in_allowed", n->stand_in_allowed);
  doc_put_str(f, "emergency", n->emergency);
  doc_put(d, "f", gate_form(rq, fields, f));
  return gate_page(rq, rs, "settings", gate_tr(rq, TR("ネットワークの設定")), d, e);
}

ROUTE_DEFINE(route_settings_page, GET, "/settings", NEEDS(NETWORK_WRITE), .summary = TR("ネットワークの設定を見る"),
             .handle = page);

/* ---- changing ----------------------------------------------------------------------------------------------------------------- */

static struct settings take(const struct request *rq)
{
  const struct doc *in = rq->input;
  bool support = doc_get_bool(in, "support_meeting"), needy = doc_get_bool(in, "needy_meeting");
  return (struct settings){.stage = doc_get_str(in, "stage"),
                           .emergency = doc_get_str(in, "emergency"),
                           .basis_off = support ? needy ? S("") : S("needy_meeting")
                                        : needy ? S("support_meeting")
                                                : S("support_meeting needy_meeting"),
                           .silence_days = doc_get_int(in, "silence_days"),
                           .expiry_days = doc_get_int(in, "expiry_days"),
                           .renewal_days = doc_get_int(in, "renewal_days"),
                           .heard_needed = doc_get_bool(in, "heard_needed"),
                           .joint_needs_all = doc_get_bool(in, "joint_needs_all"),
                           .guardian_overrides = doc_get_bool(in, "guardian_overrides"),
                           .stand_in_allowed = doc_get_bool(in, "stand_in_allowed")};
}

static enum code change(struct tx *tx, void *arg, struct err *e)
{
  const struct settings_job *job = arg;
  const struct scope *s = NULL;
  struct settings before = {0}, after = take(job->rq);
  enum code c = access_open_network(tx, gate_actor(job->rq), ACTION_NETWORK_WRITE, &s, e);
  if (c == OK)
    c = settings_sql_get(tx, tx_arena(tx), &before, e);
  if (c == OK && after.expiry_days <= after.silence_days)
    return err_field(e, "expiry_days", TR("返事を待つ日数より、長くしてください。"));
  if (c == OK)
    c = settings_sql_put(tx, &after, e);
  if (c == OK)
    c = network_bump_facts(tx, e);
  return c == OK && before.silence_days != after.silence_days ? opening_reckon_all(tx, e) : c;
}

static enum code handle_change(struct request *rq, struct response *rs, struct err *e)
{
  struct settings_job job = {.rq = rq};
  if (gate_has_problems(rq))
    return page(rq, rs, e);
  gate_location(rq, S("/settings"));
  gate_as_service(rq); /* what waits in every organization is reckoned anew */
  enum code c = gate_write(rq, "settings_change", change, &job, e);
  return c == OK ? gate_done(rq, rs, S("/settings"), TR("設定を保存しました。"), e) : c;
}

ROUTE_DEFINE(route_settings, POST, "/settings", NEEDS(NETWORK_WRITE), .fields = fields,
             .summary = TR("ネットワークの設定を変える"), .handle = handle_change);
