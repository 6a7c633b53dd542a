/*
 * unseal: what somebody can read who has a register's directory and every
 * passphrase and key, but not the program.  Written from docs/formats.md against
 * SQLite and libsodium alone, so that it checks that page too.
 *
 *   unseal REG [WORK] 3<<X
 *   passphrase of an officer, one a line …
 *   X
 *
 * Writes every plaintext it gets to standard output: payloads, sealed parts, blobs,
 * pages of the index, whatever stands under the master key.  It does not trust the
 * tables: the files of the vault and of the keys are also searched at every byte for
 * wrapped keys, so that a key which only a free page or a journal still holds is
 * found.  Last line on standard error: how many of what.  Exit 1: such a key.
 */
#include <dirent.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 32, OVERHEAD = 40, CODE = 16, PAGE = 4096, OFFICERS = 16, RECOVERY = -1 };
enum { WRAPPED = KEY + OVERHEAD, BOXED = KEY + crypto_box_SEALBYTES };

struct file { char path[512]; uint8_t *p; size_t n; };
struct entry { uint8_t hash[32]; bool has_payload; };
/* A key of one part of one record, however it was found. */
struct part { size_t entry; bool sealed; uint8_t key[KEY]; };

static struct file files[4096];
static size_t n_files;
static uint8_t master[KEY], box_secret[OFFICERS][KEY], box_public[OFFICERS][KEY];
static int n_boxes;
static struct entry *entries;
static struct part *parts;
static size_t n_entries, n_parts, n_carved, n_plain;

static void
die(const char *what)
{
	fprintf(stderr, "unseal: %s\n", what);
	exit(3);
}

static void *
give(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		die("out of memory");
	return p;
}

/* nonce(24) || ciphertext || tag(16), as docs/formats.md has it everywhere. */
static bool
open_box(const uint8_t *key, const uint8_t *p, size_t n, const void *ad, size_t n_ad, uint8_t *ret)
{
	return n >= OVERHEAD && crypto_aead_xchacha20poly1305_ietf_decrypt(ret, NULL, NULL, p + 24,
		n - 24, ad, n_ad, p, key) == 0;
}

static void
plain(const char *what, const uint8_t *p, size_t n)
{
	printf("\n== %s\n", what);
	fwrite(p, 1, n, stdout);
	n_plain++;
}

/* --- the files --------------------------------------------------------------------- */

static void
read_files(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (!d)
		die("the directory cannot be read");
	while ((e = readdir(d))) {
		struct file *f = &files[n_files];
		if (e->d_name[0] == '.' && (!e->d_name[1] || strcmp(e->d_name, "..") == 0))
			continue;
		if (n_files == sizeof files / sizeof *files)
			die("too many files");
		snprintf(f->path, sizeof f->path, "%s/%s", dir, e->d_name);
		if (e->d_type == DT_DIR) {
			char below[512];
			memcpy(below, f->path, sizeof below);
			read_files(below);
			continue;
		}
		FILE *h = fopen(f->path, "rb");
		if (!h)
			die("a file cannot be read");
		fseek(h, 0, SEEK_END);
		f->n = (size_t)ftell(h);
		rewind(h);
		f->p = give(NULL, f->n);
		if (fread(f->p, 1, f->n, h) != f->n)
			die("a file cannot be read");
		fclose(h);
		n_files++;
	}
	closedir(d);
}

/* A copy is opened, lest SQLite change what we look at.  Its journal comes along. */
static sqlite3 *
open_copy(const char *reg, const char *work, const char *name)
{
	static const char *const with[] = {"", "-journal"};
	char to[600], from[600];
	sqlite3 *db;

	for (int i = 1; i >= 0; i--) {
		snprintf(from, sizeof from, "%s/%s%s", reg, name, with[i]);
		snprintf(to, sizeof to, "%s/unseal-%s%s", work, name, with[i]);
		remove(to);
		for (size_t k = 0; k < n_files; k++)
			if (strcmp(files[k].path, from) == 0) {
				FILE *h = fopen(to, "wb");
				if (!h || fwrite(files[k].p, 1, files[k].n, h) != files[k].n)
					die("cannot write to WORK");
				fclose(h);
			}
	}
	if (sqlite3_open(to, &db) != SQLITE_OK)
		die("not a database");
	return db;
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: ", sqlite3_errmsg(db));
		die(sql);
	}
	return s;
}

/* --- the keys ------------------------------------------------------------------------ */

/* A reader of just the CBOR that a slot is: heads of uint, bytes, map. */
static uint64_t
head(const uint8_t **p, const uint8_t *end, unsigned major)
{
	unsigned extra;
	uint64_t v = 0;

	if (*p >= end || **p >> 5 != major)
		die("a key slot is not as docs/formats.md says");
	extra = *(*p)++ & 31;
	if (extra < 24)
		return extra;
	for (unsigned n = 1u << (extra - 24); n && *p < end; n--)
		v = v << 8 | *(*p)++;
	return v;
}

/* The values of keys 1 to 5: {0: 1, 1: salt, 2: ops, 3: memory, 4: sealed, 5: box public}. */
static bool
open_slot(int number, const uint8_t *p, size_t n, const char *pass)
{
	const uint8_t *end = p + n, *salt = NULL, *sealed = NULL, *public = NULL;
	uint64_t pairs = head(&p, end, 5), ops = 0, mem = 0, n_sealed = 0;
	uint8_t key[KEY], ad[21] = "habeas/slot/1", held[3 * KEY];

	for (uint64_t i = 0; i < pairs; i++) {
		uint64_t k = head(&p, end, 0);
		if (k == 0 || k == 2 || k == 3) {
			uint64_t v = head(&p, end, 0);
			if (k == 2)
				ops = v;
			if (k == 3)
				mem = v;
			continue;
		}
		uint64_t m = head(&p, end, 2);
		if (k == 1)
			salt = p;
		if (k == 4)
			sealed = p, n_sealed = m;
		if (k == 5)
			public = p;
		p += m;
	}
	if (!salt || !public || n_sealed != sizeof held + OVERHEAD)
		die("a key slot is not as docs/formats.md says");
	for (int i = 0; i < 8; i++)
		ad[13 + i] = (uint8_t)((uint64_t)number >> 8 * (7 - i));
	if (crypto_pwhash(key, sizeof key, pass, strlen(pass), salt, ops, mem,
		crypto_pwhash_ALG_ARGON2ID13) != 0)
		die("no memory for Argon2id");
	if (!open_box(key, sealed, n_sealed, ad, sizeof ad, held))
		return false;
	memcpy(master, held, KEY);
	memcpy(box_secret[n_boxes], held + 2 * KEY, KEY);
	memcpy(box_public[n_boxes++], public, KEY);
	return true;
}

static int
read_slots(sqlite3 *keys, char pass[][1024], int n_pass)
{
	sqlite3_stmt *s = prepare(keys, "SELECT name, value FROM named WHERE name GLOB 'slot/*'");
	int opened = 0;

	while (sqlite3_step(s) == SQLITE_ROW)
		for (int i = 0; i < n_pass; i++)
			opened += open_slot(atoi((const char *)sqlite3_column_text(s, 0) + 5),
				sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1), pass[i]);
	sqlite3_finalize(s);
	return opened;
}

/* --- what the keys open ------------------------------------------------------------------ */

static void
add_part(size_t entry, bool sealed, const uint8_t *key)
{
	for (size_t i = 0; i < n_parts; i++)
		if (memcmp(parts[i].key, key, KEY) == 0)
			return;
	parts = give(parts, (n_parts + 1) * sizeof *parts);
	parts[n_parts] = (struct part){.entry = entry, .sealed = sealed};
	memcpy(parts[n_parts++].key, key, KEY);
}

static size_t
make_ad(const char *prefix, const uint8_t *hash, uint8_t ret[64])
{
	size_t n = strlen(prefix);

	memcpy(ret, prefix, n);
	memcpy(ret + n, hash, 32);
	return n + 32;
}

static void
read_entries(sqlite3 *vault)
{
	sqlite3_stmt *s = prepare(vault, "SELECT e.hash, p.pos IS NOT NULL FROM entry e "
		"LEFT JOIN payload p ON p.pos = e.pos ORDER BY e.pos");

	while (sqlite3_step(s) == SQLITE_ROW) {
		entries = give(entries, (n_entries + 1) * sizeof *entries);
		memcpy(entries[n_entries].hash, sqlite3_column_blob(s, 0), 32);
		entries[n_entries++].has_payload = sqlite3_column_int(s, 1);
	}
	sqlite3_finalize(s);
}

static void
read_wraps(sqlite3 *keys)
{
	sqlite3_stmt *s = prepare(keys, "SELECT pos, holder, wrapped FROM wrap");
	uint8_t ad[64], key[KEY];

	while (sqlite3_step(s) == SQLITE_ROW) {
		size_t pos = (size_t)sqlite3_column_int64(s, 0);
		const uint8_t *w = sqlite3_column_blob(s, 2);
		size_t n = (size_t)sqlite3_column_bytes(s, 2);
		if (pos >= n_entries)
			die("a key of no entry");
		if (sqlite3_column_int64(s, 1) == 0) {
			if (!open_box(master, w, n, ad, make_ad("habeas/key/1", entries[pos].hash, ad),
				key))
				die("a wrapped key does not open as docs/formats.md says");
			add_part(pos, false, key);
			continue;
		}
		for (int i = 0; i < n_boxes && n >= BOXED; i++)
			if (crypto_box_seal_open(key, w, BOXED, box_public[i], box_secret[i]) == 0)
				add_part(pos, true, key);
	}
	sqlite3_finalize(s);
}

/* Every byte of a file may begin a wrapped key.  Only entries without a payload are
 * worth it for the open part: the others' keys are known.  A box costs a scalar
 * multiplication for each byte; they are looked for where they are kept. */
static void
carve(const struct file *f)
{
	uint8_t ad[64], key[KEY];
	bool keys = strstr(f->path, "keys.db"), vault = strstr(f->path, "vault.db");

	if (!keys && !vault)
		return;

	for (size_t at = 0; at + WRAPPED <= f->n; at++) {
		const uint8_t *p = f->p + at;
		bool zeros = true;
		for (size_t i = 0; i < 24 && zeros; i++)
			zeros = p[i] == 0;
		if (zeros)
			continue;
		for (size_t i = 0; i < n_entries; i++) {
			size_t before = n_parts;
			if (entries[i].has_payload || !open_box(master, p, WRAPPED, ad,
				make_ad("habeas/key/1", entries[i].hash, ad), key))
				continue;
			fprintf(stderr, "unseal: a wrapped key of erased entry %zu at %zu of %s\n", i,
				at, f->path);
			add_part(i, false, key);
			n_carved += n_parts - before;
		}
		for (int k = 0; keys && k < n_boxes && at + BOXED <= f->n; k++) {
			size_t before = n_parts;
			if (crypto_box_seal_open(key, p, BOXED, box_public[k], box_secret[k]) != 0)
				continue;
			add_part(SIZE_MAX, true, key);
			if (n_parts > before) {
				fprintf(stderr, "unseal: a sealed part's key that no row has, at %zu "
					"of %s\n", at, f->path);
				n_carved++;
			}
		}
	}
}

static void
open_payloads(sqlite3 *vault)
{
	static const char *const prefix[] = {"habeas/open/1", "habeas/sealed/1"};
	sqlite3_stmt *s = prepare(vault, "SELECT pos, open, sealed FROM payload");
	uint8_t ad[64];

	while (sqlite3_step(s) == SQLITE_ROW)
		for (int k = 0; k < 2; k++) {
			size_t pos = (size_t)sqlite3_column_int64(s, 0);
			size_t n = (size_t)sqlite3_column_bytes(s, k + 1);
			/* Behind a sealed part stands its code. */
			if (k == 1 && n > CODE)
				n -= CODE;
			uint8_t *out = give(NULL, n);
			bool open = n == 0;
			for (size_t i = 0; i < n_parts && n && !open; i++)
				open = (parts[i].entry == pos || parts[i].entry == SIZE_MAX)
					&& parts[i].sealed == (k == 1) && open_box(parts[i].key,
					sqlite3_column_blob(s, k + 1), n, ad,
					make_ad(prefix[k], entries[pos].hash, ad), out);
			if (n && open)
				plain(prefix[k], out, n - OVERHEAD);
			if (!open && k == 0)
				die("an open part does not open as docs/formats.md says");
			free(out);
		}
	sqlite3_finalize(s);
}

/* blobs/NAME under BLAKE2b(part's key, "habeas/blob/1" || NAME). */
static void
open_blob(const struct file *f)
{
	const char *slash = strrchr(f->path, '/');
	uint8_t msg[29] = "habeas/blob/1", ad[64], key[KEY], *out;

	if (strlen(slash + 1) != 32 || sodium_hex2bin(msg + 13, 16, slash + 1, 32, NULL, NULL, NULL))
		return;
	out = give(NULL, f->n);
	for (size_t i = 0; i < n_parts; i++) {
		if (parts[i].entry == SIZE_MAX)
			continue;
		crypto_generichash(key, sizeof key, msg, sizeof msg, parts[i].key, KEY);
		if (f->n > CODE && open_box(key, f->p, f->n - CODE, ad, make_ad("habeas/blob/1",
			entries[parts[i].entry].hash, ad), out))
			plain("blob", out, f->n - CODE - OVERHEAD);
	}
	free(out);
}

/* Everything in keys.db's table of names that opens under M; ret_index the index's key. */
static bool
open_named(sqlite3 *keys, uint8_t ret_index[KEY])
{
	sqlite3_stmt *s = prepare(keys, "SELECT name, value FROM named");
	bool found = false;

	while (sqlite3_step(s) == SQLITE_ROW) {
		static const char *const prefix[] = {"habeas/secret/1/", "habeas/kept/1/", ""};
		const char *name = (const char *)sqlite3_column_text(s, 0);
		const char *last = strchr(name, '/') ? strchr(name, '/') + 1 : name;
		size_t n = (size_t)sqlite3_column_bytes(s, 1);
		uint8_t *out = give(NULL, n);
		char ad[128];
		for (int k = 0; k < 3; k++) {
			snprintf(ad, sizeof ad, "%s%s", prefix[k], last);
			if (!open_box(master, sqlite3_column_blob(s, 1), n, ad, strlen(ad), out))
				continue;
			plain(name, out, n - OVERHEAD);
			if (strcmp(name, "secret/index") == 0 && n == KEY + OVERHEAD) {
				memcpy(ret_index, out, KEY);
				found = true;
			}
		}
		free(out);
	}
	sqlite3_finalize(s);
	return found;
}

/* Pages of 4096 whose last 40 bytes are nonce and tag, the page's number bound. */
static size_t
open_pages(const struct file *f, const uint8_t *key)
{
	size_t opened = 0;

	for (size_t at = 0; at + PAGE <= f->n; at += PAGE) {
		uint8_t box[PAGE], out[PAGE], ad[8];
		uint64_t number = at / PAGE + 1;
		for (int i = 0; i < 8; i++)
			ad[i] = (uint8_t)(number >> 8 * (7 - i));
		memcpy(box, f->p + at + PAGE - OVERHEAD, 24);
		memcpy(box + 24, f->p + at, PAGE - OVERHEAD);
		memcpy(box + 24 + PAGE - OVERHEAD, f->p + at + PAGE - 16, 16);
		if (open_box(key, box, PAGE, ad, sizeof ad, out)) {
			plain("page", out, PAGE - OVERHEAD);
			opened++;
		}
	}
	return opened;
}

int
main(int argc, char **argv)
{
	char pass[OFFICERS][1024];
	uint8_t index[KEY];
	size_t pages = 0;
	int n_pass = 0;
	FILE *in = fdopen(3, "r");

	if (argc < 2 || !in || sodium_init() < 0)
		die("usage: unseal REG [WORK], passphrases on descriptor 3");
	while (n_pass < OFFICERS && fgets(pass[n_pass], sizeof pass[0], in))
		pass[n_pass][strcspn(pass[n_pass], "\n")] = '\0', n_pass++;
	read_files(argv[1]);
	sqlite3 *keys = open_copy(argv[1], argc > 2 ? argv[2] : ".", "keys.db");
	sqlite3 *vault = open_copy(argv[1], argc > 2 ? argv[2] : ".", "vault.db");
	if (read_slots(keys, pass, n_pass) == 0)
		die("no passphrase opens a slot");
	read_entries(vault);
	read_wraps(keys);
	for (size_t i = 0; i < n_files; i++)
		carve(&files[i]);
	open_payloads(vault);
	bool has_index = open_named(keys, index);
	for (size_t i = 0; i < n_files; i++) {
		if (strstr(files[i].path, "/blobs/"))
			open_blob(&files[i]);
		if (has_index && strstr(files[i].path, "index.db"))
			pages += open_pages(&files[i], index);
	}
	sqlite3_close(keys);
	sqlite3_close(vault);
	fprintf(stderr, "%zu entries, %zu keys, %zu plaintexts, %zu pages, %zu carved\n", n_entries,
		n_parts, n_plain, pages, n_carved);
	return n_carved > 0;
}
