/*
 * What the disk layer costs, in CPU seconds (disks vary forty-fold, processors
 * little): vault appends in batches of 1,000 rows of 1,200 bytes, finding, walking;
 * wraps; the sealed index.
 *
 *   ninja -C build bench/store_bench && build/bench/store_bench [ROWS [DIRECTORY]]
 */
#include <stdio.h>
#include <sys/resource.h>
#include "seal/seal.h"
#include "store/store.h"

enum { BATCH = 1000, PAYLOAD = 1200 };

static struct err e;
static struct arena *a;
static double cpu_at, wall_at;

static double
cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
		+ (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void
begin(void)
{
	cpu_at = cpu();
	wall_at = (double)os_clock_ms() / 1e3;
}

static void
report(const char *what, uint64_t n)
{
	double c = cpu() - cpu_at, w = (double)os_clock_ms() / 1e3 - wall_at;

	printf("%-44s %10.0f a CPU second %10.0f by the clock\n", what, (double)n / c,
		(double)n / w);
}

static void
must(enum status st)
{
	if (st == OK)
		return;
	fprintf(stderr, "%s\n", e.text);
	exit(3);
}

static void
fill_row(struct store_row *r, uint64_t pos, struct bytes payload)
{
	*r = (struct store_row){.pos = pos, .open = payload};
	seal_sha256((struct bytes){(uint8_t *)&pos, sizeof pos}, r->hash);
	memcpy(r->entry + 5, r->hash, STORE_HASH);
}

static enum status
count_row(void *ctx, const struct store_row *row, struct err *err)
{
	(void)err;
	*(uint64_t *)ctx += 1 + (row->open.n == 0 ? 0 : row->open.p[0] & 0u);
	return OK;
}

static void
bench_vault(const char *path, uint64_t n)
{
	static struct store_row rows[BATCH];
	static uint8_t payload[BATCH][PAYLOAD];
	struct store_vault *v;
	uint64_t seen = 0, pos;

	must(store_vault_open(&v, path, true, false, &e));
	seal_random(payload, sizeof payload);
	begin();
	for (uint64_t at = 0; at < n; at += BATCH) {
		for (uint64_t i = 0; i < BATCH; i++)
			fill_row(&rows[i], at + i, (struct bytes){payload[i], PAYLOAD});
		must(store_vault_append(v, rows, BATCH, &e));
	}
	report("vault: append, 1,000 rows of 1,200 B a time", n);
	begin();
	for (uint64_t i = 0; i < n; i += 7) {
		struct store_row r;
		fill_row(&r, i, (struct bytes){0});
		must(store_vault_find(v, r.hash, &pos, &e));
		invariant(pos == i);
	}
	report("vault: find by hash", n / 7);
	begin();
	must(store_vault_read(v, 0, n, false, count_row, &seen, &e));
	report("vault: walk the entries", n);
	begin();
	must(store_vault_read(v, 0, n, true, count_row, &seen, &e));
	report("vault: walk entries and payloads", n);
	invariant(seen == 2 * n);
	store_vault_close(v);
}

static void
bench_keys(const char *path, uint64_t n)
{
	static struct store_wrap w[BATCH];
	static uint8_t wrapped[72];
	struct store_keys *k;
	uint64_t pos[BATCH];

	must(store_keys_open(&k, path, true, false, &e));
	begin();
	for (uint64_t at = 0; at < n; at += BATCH) {
		for (uint64_t i = 0; i < BATCH; i++)
			w[i] = (struct store_wrap){at + i, 0, BYTES(wrapped)};
		must(store_keys_put(k, w, BATCH, &e));
	}
	report("keys: put, 1,000 wraps a time", n);
	begin();
	for (uint64_t i = 0; i < BATCH; i++)
		pos[i] = i * (n / BATCH);
	must(store_keys_delete(k, pos, BATCH, &e));
	report("keys: delete 1,000 wraps at once", BATCH);
	store_keys_close(k);
}

static void
page_close(const void *key, uint64_t page, uint8_t *p, size_t n)
{
	seal_page_close(key, page, p, n);
}

static bool
page_open(const void *key, uint64_t page, uint8_t *p, size_t n)
{
	return seal_page_open(key, page, p, n);
}

static void
bench_index(const char *path, const char *what, uint64_t n, const struct store_cipher *c)
{
	struct store_db *db;
	uint64_t seen = 0;
	struct store_stmt *s;

	must(store_db_open(&db, path, true, c, &e));
	must(store_db_exec(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, born TEXT);"
		"CREATE INDEX by_name ON t(name)", &e));
	begin();
	for (uint64_t at = 0; at < n; at += 10 * BATCH) {
		must(store_db_begin(db, &e));
		for (uint64_t i = at; i < at + 10 * BATCH; i++) {
			s = store_sql(db, "INSERT INTO t VALUES(?, ?, ?)");
			store_bind_int(s, 1, (int64_t)i);
			store_bind_text(s, 2, str_fmt(a, "name %llu of a person in prison",
				(unsigned long long)hash64((struct bytes){(uint8_t *)&i, 8}, 0)));
			store_bind_text(s, 3, S("1351-01-01/1351-12-29 SH"));
			must(store_done(s, &e));
		}
		must(store_db_commit(db, &e));
		arena_reset(a);
	}
	report(str_fmt(a, "index%s: insert, 10,000 rows a time", what).p, n);
	store_db_close(db);
	must(store_db_open(&db, path, false, c, &e));
	begin();
	s = store_sql(db, "SELECT name, born FROM t");
	while (store_step(s, &e) == OK)
		seen += store_text(s, 0).n != 0;
	report(str_fmt(a, "index%s: read all rows", what).p, n);
	invariant(seen == n);
	store_db_close(db);
	must(store_db_remove(path, &e));
}

static void
bench_hash(void)
{
	uint8_t x[SEAL_HASH] = {0}, y[SEAL_HASH] = {1};
	enum { N = 5000000 };

	begin();
	for (int i = 0; i < N; i++)
		seal_node(x, y, x);
	report("seal: node hashes", N);
}

static void
bench_sign(void)
{
	uint8_t seed[SEAL_KEY] = {1}, sig[SEAL_SIGNATURE], page[4096] = {0}, out[SEAL_HASH];
	struct seal_signer *s = seal_signer_create(seed);
	enum { N = 20000 };

	begin();
	for (int i = 0; i < N; i++) {
		memcpy(seed, &i, sizeof i);
		seal_sign(s, BYTES(seed), sig);
	}
	report("seal: signatures", N);
	begin();
	for (int i = 0; i < N / 4; i++)
		invariant(seal_verify(seal_signer_public(s), BYTES(seed), sig));
	report("seal: signatures verified", N / 4);
	begin();
	for (int i = 0; i < 10 * N; i++)
		seal_keyed(seed, BYTES(seed), out);
	report("seal: keyed BLAKE2b, salts", 10 * N);
	begin();
	for (int i = 0; i < N; i++)
		seal_page_close(seed, 1, page, sizeof page);
	report("seal: pages of 4,096 B sealed", N);
	seal_signer_destroy(s);
}

int
main(int argc, char **argv)
{
	static const uint8_t key[SEAL_KEY] = {1, 2, 3};
	const struct store_cipher c = {page_close, page_open, key};
	const char *in = argc > 2 ? argv[2] : "/tmp";
	const char *dir;
	uint64_t n = 100000;

	if (argc > 1 && (!str_u64(str_of(argv[1]), &n) || n == 0 || n % 10000)) {
		fprintf(stderr, "usage: %s [ROWS, a multiple of 10,000 [DIRECTORY]]\n", argv[0]);
		return 2;
	}
	a = arena_create(64 << 20);
	must(seal_init(&e));
	dir = str_fmt(arena_create(1 << 20), "%s/habeas-store-bench", in).p;
	must(os_remove_tree(dir, &e));
	must(os_make_dirs(dir, 0700, &e));
	bench_hash();
	bench_sign();
	bench_vault(str_fmt(a, "%s/vault.db", dir).p, n);
	bench_keys(str_fmt(a, "%s/keys.db", dir).p, n);
	bench_index(str_fmt(arena_create(1 << 20), "%s/index.db", dir).p, "", n, &c);
	bench_index(str_fmt(arena_create(1 << 20), "%s/index.db", dir).p, " unsealed", n, NULL);
	must(os_remove_tree(dir, &e));
	arena_destroy(a);
	return 0;
}
