/* The generations of the log, as the vault names them: "log/K" = CBOR [origin, verifier
 * key, position of its first entry, public line of the adoption key]. */
#include "record/record.h"
#include "record/record_int.h"

enum { GENERATIONS_MOST = 1000 };

static bool
origin_ok(struct str origin)
{
	uint8_t id[8];

	return str_starts(origin, ORIGIN_PREFIX) && origin.n == sizeof ORIGIN_PREFIX - 1 + 16
		&& hex_decode(str_from(origin, sizeof ORIGIN_PREFIX - 1), id, sizeof id);
}

static bool
read_generation(struct arena *a, struct bytes v, struct generation *ret)
{
	struct cbor c = cbor_read(v);
	struct seal_minisign_key adopt;
	struct note_key key;
	struct generation g;
	bool four = cbor_get_array(&c) == 4;

	g.origin = cbor_get_text(&c);
	g.vkey = cbor_get_text(&c);
	g.first = cbor_get_uint(&c);
	g.adopt = cbor_get_text(&c);
	if (!four || !cbor_done(&c) || !origin_ok(g.origin) || !vkey_read(g.vkey, &key)
		|| !str_eq(key.name, g.origin) || !seal_minisign_public_read(a, g.adopt, &adopt)
		|| !str_eq(seal_minisign_public(a, &adopt), g.adopt))
		return false;
	*ret = g;
	return true;
}

enum status
generations_load(struct arena *a, struct store_vault *v, struct generation **ret, size_t *ret_n,
	struct err *e)
{
	VEC(struct generation) all = {0};
	struct bytes value;
	char name[32];
	enum status s = store_vault_get(a, v, "format", &value, e);

	if (s == FAIL)
		return s;
	if (s || value.n != 1 || value.p[0] != '1')
		return err_set(e, BAD, "vault.db: its format is not 1; a newer habeas reads it");
	for (size_t k = 0; k < GENERATIONS_MOST; k++) {
		struct generation *g;
		snprintf(name, sizeof name, "log/%zu", k);
		if ((s = store_vault_get(a, v, name, &value, e)) == NO)
			break;
		if (s)
			return s;
		g = &VEC_PUSH(a, &all);
		if (!read_generation(a, value, g)
			|| (k == 0 ? g->first != 0 : g->first <= g[-1].first))
			return err_set(e, BAD, "vault.db: %s is not as it was written", name);
	}
	if (all.n == 0)
		return err_set(e, BAD, "vault.db: it names no log");
	*ret = all.v;
	*ret_n = all.n;
	return OK;
}

enum status
generation_put(struct store_vault *v, size_t k, const struct generation *g, struct err *e)
{
	struct buf b;
	char name[32];
	enum status s;

	buf_init(&b, 4096);
	cbor_put_array(&b, 4);
	cbor_put_text(&b, g->origin);
	cbor_put_text(&b, g->vkey);
	cbor_put_uint(&b, g->first);
	cbor_put_text(&b, g->adopt);
	snprintf(name, sizeof name, "log/%zu", k);
	s = store_vault_set(v, name, buf_bytes(&b), e);
	buf_finish(&b);
	return s;
}
