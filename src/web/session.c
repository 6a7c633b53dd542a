/*
 * Sessions: in memory only, so that they end with the server.  The cookie's value
 * is random; the table keeps its hash.  Signing in tries the passphrase on every
 * officer's slot, as the command line does.
 */
#include "web/web_int.h"

enum { TOKEN = 32, NAME_MOST = 300, ROLE_MOST = 100 };

static void
hash_cookie(struct str cookie, uint8_t ret[SEAL_HASH])
{
	seal_sha256(str_bytes(cookie), ret);
}

/* Two clocks: one that nobody sets back, and one that goes on while a laptop
 * sleeps. */
static bool
alive(const struct session *s)
{
	return s->until > os_clock_ms() / 1000 && s->until_wall > os_now();
}

static void
prolong(const struct web *w, struct session *s)
{
	int64_t seconds = 60 * (int64_t)w->o.session_minutes;

	s->until = os_clock_ms() / 1000 + seconds;
	s->until_wall = os_now() + seconds;
}

struct session *
session_find(struct web *w, struct str cookie)
{
	uint8_t key[SEAL_HASH];

	if (cookie.n != 2 * TOKEN)
		return NULL;
	hash_cookie(cookie, key);
	for (size_t i = 0; i < SESSIONS; i++) {
		struct session *s = &w->sessions[i];
		if (alive(s) && seal_equal(s->key, key, SEAL_HASH)) {
			prolong(w, s);
			return s;
		}
	}
	return NULL;
}

void
session_close(struct session *s)
{
	if (s)
		seal_wipe(s, sizeof *s);
}

/* A free place, or that of the session nearest its end. */
static struct session *
place(struct web *w)
{
	struct session *best = &w->sessions[0];

	for (size_t i = 1; i < SESSIONS; i++)
		if ((alive(&w->sessions[i]) ? w->sessions[i].until : 0)
		    < (alive(best) ? best->until : 0))
			best = &w->sessions[i];
	return best;
}

/* After three wrong passphrases: one second, two, four … to a minute. */
static void
wrong_passphrase(struct web *w)
{
	w->wrong++;
	if (w->wrong >= 3) {
		unsigned shift = w->wrong - 3 < 6 ? w->wrong - 3 : 6;
		int64_t wait = (int64_t)1000 << shift;
		w->slow_until_ms = os_clock_ms() + (wait > 60000 ? 60000 : wait);
	}
}

static void
describe(struct session *s, const struct node_info *info)
{
	struct str name = text_upto(info->officer, NAME_MOST);
	struct str role = text_upto(info->role, ROLE_MOST);

	seal_wipe(s, sizeof *s);
	if (name.n)
		memcpy(s->text, name.p, name.n);
	if (role.n)
		memcpy(s->text + name.n, role.p, role.n);
	s->officer = (struct str){s->text, name.n};
	s->role = (struct str){s->text + name.n, role.n};
	s->slot = info->officer_slot;
}

enum status
session_open(struct web *w, struct arena *a, struct str passphrase, struct str *ret_cookie,
	struct err *e)
{
	uint8_t token[TOKEN];
	struct node *n;
	enum status st;

	if (os_clock_ms() < w->slow_until_ms)
		return err_set(e, NO, "Too many wrong passphrases; wait a minute");
	st = node_open(&n, node_path(reg_node(w->reg)), NODE_READ, str_bytes(passphrase), e);
	if (st == NO)
		wrong_passphrase(w);
	if (st)
		return st;
	w->wrong = 0;
	struct session *s = place(w);
	describe(s, node_info(n));
	node_close(n);
	/* Never a value that came from the browser. */
	seal_random(token, sizeof token);
	*ret_cookie = hex_encode(a, BYTES(token));
	seal_wipe(token, sizeof token);
	hash_cookie(*ret_cookie, s->key);
	prolong(w, s);
	return OK;
}

static bool
still_officer(const struct session *s, const struct officer *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].slot == s->slot && str_eq(text_upto(v[i].name, NAME_MOST), s->officer)
		    && str_eq(text_upto(v[i].role, ROLE_MOST), s->role))
			return !v[i].revoked;
	return false;
}

enum status
sessions_check(struct web *w, struct arena *a, struct err *e)
{
	uint64_t size = node_info(reg_node(w->reg))->size;
	struct officer *v;
	size_t n;
	enum status st;

	if (size == w->size)
		return OK;
	if ((st = node_officers(a, reg_node(w->reg), &v, &n, e)) != OK)
		return st;
	for (size_t i = 0; i < SESSIONS; i++)
		if (alive(&w->sessions[i]) && !still_officer(&w->sessions[i], v, n))
			session_close(&w->sessions[i]);
	w->size = size;
	return OK;
}

/* Bound to the cookie, so that another site cannot know it; nothing is stored. */
struct str
csrf_token(struct web *w, struct arena *a, struct str cookie)
{
	uint8_t hash[SEAL_HASH];

	seal_keyed(w->key, str_bytes(cookie), hash);
	return hex_encode(a, BYTES(hash));
}

bool
csrf_right(struct web *w, struct arena *a, struct str cookie, struct str token)
{
	struct str want = csrf_token(w, a, cookie);

	return cookie.n && token.n == want.n && seal_equal(token.p, want.p, want.n);
}
