/* smtp.c: one mail to one server, by libcurl. */
#include <curl/curl.h>
#include <string.h>

#include "mail/mail_impl.h"

enum code mail_sender_prepare(struct err *e)
{
  if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
    return OK;
  return err_set(e, IO, TR("メールを送るしくみ（libcurl）を用意できません。"));
}

struct sending {
  struct str left;
  const bool *stop;
  bool given; /* the whole text has been handed over: a server may have taken it */
};

static size_t read_some(char *p, size_t size, size_t count, void *arg)
{
  struct sending *s = arg;
  size_t n = size * count < s->left.n ? size * count : s->left.n;
  if (n)
    memcpy(p, s->left.p, n);
  s->left = str_sub(s->left, n, s->left.n);
  s->given = s->given || !s->left.n;
  return n;
}

static int look_around(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  const struct sending *s = arg;
  return s->stop && __atomic_load_n(s->stop, __ATOMIC_ACQUIRE);
}

/* What a server says is not kept: it may repeat the address. */
static enum smtp_result judge(CURLcode rc, long answer, const char *text, const struct sending *s, const char **why)
{
  bool recipient = strncmp(text, "RCPT failed", 11) == 0;
  *why = "";
  switch (rc) {
  case CURLE_OK:
    return SMTP_SENT;
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_CONNECT:
    *why = "connect";
    return SMTP_DOWN;
  case CURLE_USE_SSL_FAILED:
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_CIPHER:
    *why = "tls";
    return SMTP_DOWN;
  case CURLE_LOGIN_DENIED:
    *why = "login";
    return SMTP_DOWN;
  case CURLE_OPERATION_TIMEDOUT:
    *why = "slow";
    return s->given ? SMTP_LATER : SMTP_DOWN;
  case CURLE_ABORTED_BY_CALLBACK:
    *why = "stopped";
    return SMTP_LATER;
  default:
    break;
  }
  if (recipient && answer >= 500) {
    *why = "refused";
    return SMTP_REFUSED;
  }
  *why = recipient ? "busy" : answer >= 400 ? "not taken" : "cut";
  return SMTP_LATER;
}

/* Whoever is greeted learns the sender's domain, not this machine's name. */
static bool set_address(CURL *h, const struct mail_settings *m, char *url, size_t size)
{
  const char *domain = strchr(m->from, '@');
  bool six = strchr(m->host, ':') != NULL;
  snprintf(url, size, "%s://%s%s%s:%d/%s", m->tls == MAIL_TLS ? "smtps" : "smtp", six ? "[" : "", m->host,
           six ? "]" : "", m->port, domain ? domain + 1 : "localhost");
  return curl_easy_setopt(h, CURLOPT_URL, url) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_PROXY, "") == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_USE_SSL, (long)(m->tls == MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL)) ==
             CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
         (!m->ca || (curl_easy_setopt(h, CURLOPT_CAINFO, m->ca) == CURLE_OK &&
                     curl_easy_setopt(h, CURLOPT_CAPATH, NULL) == CURLE_OK)) &&
         (!m->user || (curl_easy_setopt(h, CURLOPT_USERNAME, m->user) == CURLE_OK &&
                       curl_easy_setopt(h, CURLOPT_PASSWORD, m->password ? m->password : "") == CURLE_OK));
}

static bool set_sending(CURL *h, const struct mail_settings *m, struct sending *s, char *text)
{
  return curl_easy_setopt(h, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_READFUNCTION, read_some) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_READDATA, s) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, look_around) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_XFERINFODATA, s) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_ERRORBUFFER, text) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)MAIL_CONNECT_SECONDS) == CURLE_OK &&
         curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)(m->seconds ? m->seconds : MAIL_SECONDS)) == CURLE_OK;
}

enum smtp_result smtp_send(const struct mail_settings *m, struct str to, struct str text, const bool *stop,
                           const char **ret_why)
{
  char url[400], said[CURL_ERROR_SIZE] = "", from[300], rcpt[300];
  struct sending s = {.left = text, .stop = stop};
  enum smtp_result result = SMTP_LATER;
  long answer = 0;
  CURL *h = curl_easy_init();
  snprintf(from, sizeof from, "<%s>", m->from);
  snprintf(rcpt, sizeof rcpt, "<%.*s>", STR_FMT(to));
  struct curl_slist *list = curl_slist_append(NULL, rcpt);
  *ret_why = "memory";
  if (h && list && set_address(h, m, url, sizeof url) && set_sending(h, m, &s, said) &&
      curl_easy_setopt(h, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
      curl_easy_setopt(h, CURLOPT_MAIL_RCPT, list) == CURLE_OK) {
    CURLcode rc = curl_easy_perform(h);
    (void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &answer);
    result = judge(rc, answer, said, &s, ret_why);
  }
  curl_slist_free_all(list);
  curl_easy_cleanup(h);
  return result;
}

struct str smtp_why_text(enum lang lang, struct str why)
{
  static const struct {
    const char *code, *text;
  } texts[] = {{"connect", TR("メールのサーバーにつながりません。")},
               {"tls", TR("暗号化した通信（TLS）が始められません。")},
               {"login", TR("サーバーへのサインインが断られました。")},
               {"slow", TR("サーバーの返事が遅すぎます。")},
               {"refused", TR("この宛先は、サーバーに断られました。宛先を確かめてもらってください。")},
               {"busy", TR("この宛先は、いまは受け取れないとのことです。")},
               {"not taken", TR("サーバーが、いまは受け取りません。")},
               {"cut", TR("通信がとちゅうで切れました。")},
               {"stopped", TR("プログラムが止められました。")},
               {"address", TR("宛先か差出人が、メールアドレスの形ではありません。")},
               {"off", TR("メールを送る設定がありません。")}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (str_is(why, texts[i].code))
      return tr(lang, texts[i].text);
  return tr(lang, TR("メールを送れませんでした。"));
}
