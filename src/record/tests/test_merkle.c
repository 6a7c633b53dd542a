/* Merkle trees against Certificate Transparency's own values and the published
 * good and bad proofs of transparency-dev/merkle. */
#include "check.h"

/* The reference leaves and tree heads of github.com/google/certificate-transparency
 * (C++ cpp/merkletree/merkle_tree_test.cc; also transparency-dev/merkle testonly). */
static const char *const ct_leaves[8] = {
	"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
	"606162636465666768696a6b6c6d6e6f",
};
static const char *const ct_roots[9] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static uint8_t (*
ct_tree(void))[SEAL_HASH]
{
	uint8_t (*leaves)[SEAL_HASH] = arena_alloc(a, 8, SEAL_HASH);

	for (size_t i = 0; i < 8; i++)
		seal_leaf(unhex(ct_leaves[i]), leaves[i]);
	return leaves;
}

static void
tree_heads_are_those_of_certificate_transparency(void **state)
{
	uint8_t (*leaves)[SEAL_HASH] = ct_tree(), root[SEAL_HASH];

	(void)state;
	for (size_t n = 0; n <= 8; n++) {
		merkle_root(leaves, n, root);
		assert_hex(root, sizeof root, ct_roots[n]);
	}
}

static void
every_leafs_path_leads_to_the_root_and_no_other_leafs(void **state)
{
	enum { N = 70 };
	uint8_t leaves[N][SEAL_HASH], root[SEAL_HASH], (*path)[SEAL_HASH];

	(void)state;
	for (uint8_t i = 0; i < N; i++)
		seal_leaf((struct bytes){&i, 1}, leaves[i]);
	for (size_t n = 1; n <= N; n++) {
		merkle_root(leaves, n, root);
		for (size_t at = 0; at < n; at++) {
			size_t steps = merkle_path(a, leaves, n, at, &path);
			assert_true(merkle_check(leaves[at], at, n, path, steps, root));
			assert_false(merkle_check(leaves[at], at + 1, n, path, steps, root));
			assert_false(merkle_check(leaves[(at + 1) % N], at, n, path, steps, root));
			assert_true(steps == 0
				|| !merkle_check(leaves[at], at, n, path, steps - 1, root));
		}
	}
}

static void
a_record_is_a_tree_of_32(void **state)
{
	uint8_t leaves[SLOTS][SEAL_HASH], one[SEAL_HASH], other[SEAL_HASH];

	(void)state;
	for (uint8_t i = 0; i < SLOTS; i++)
		seal_leaf((struct bytes){&i, 1}, leaves[i]);
	record_root(leaves, one);
	merkle_root(leaves, SLOTS, other);
	assert_memory_equal(one, other, SEAL_HASH);
}

/* --- the published proofs --------------------------------------------------------- */

struct vector {
	uint64_t at, size1, size2;
	struct bytes leaf, root1, root2, proof[80];
	size_t steps;
	bool wrong, usable;           /* usable: hashes of 32 bytes */
};

/* What follows "key": in a small flat JSON object; all of them are. */
static struct str
member(struct str json, const char *key)
{
	struct str quoted = str_fmt(a, "\"%s\":", key);

	for (size_t i = 0; i + quoted.n < json.n; i++)
		if (memcmp(json.p + i, quoted.p, quoted.n) == 0)
			return str_trim(str_from(json, i + quoted.n));
	return STR_NONE;
}

static struct bytes
base64_member(struct str s)
{
	struct bytes b = {NULL, 0};

	assert_true(s.n > 0 && s.p[0] == '"');
	s = str_from(s, 1);
	assert_true(base64_decode(a, str_upto(s, str_find(s, '"')), &b));
	return b;
}

static uint64_t
number_member(struct str s)
{
	uint64_t v = 0;
	size_t n = 0;

	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	assert_true(str_u64(str_upto(s, n), &v));
	return v;
}

static void
read_proof(struct str s, struct vector *v)
{
	v->steps = 0;
	if (s.p[0] != '[')
		return;
	s = str_upto(s, str_find(s, ']'));
	while (str_find(s, '"') < s.n) {
		s = str_from(s, str_find(s, '"'));
		v->proof[v->steps] = base64_member(s);
		v->usable &= v->proof[v->steps++].n == SEAL_HASH;
		s = str_from(s, 1);
		s = str_from(s, str_find(s, '"') + 1);
	}
}

static bool
check_vector(const struct vector *v, bool consistency)
{
	uint8_t path[80][SEAL_HASH];

	for (size_t i = 0; i < v->steps; i++)
		memcpy(path[i], v->proof[i].p, SEAL_HASH);
	return consistency ? merkle_check_consistency(v->size1, v->root1.p, v->size2, v->root2.p,
			path, v->steps)
		: merkle_check(v->leaf.p, v->at, v->size2, path, v->steps, v->root2.p);
}

/* Returns how many files there were, counting those whose hashes are not 32 bytes:
 * such a proof cannot be put to a checker that takes hashes. */
static size_t
check_file(struct str json, const char *path, bool consistency)
{
	struct vector v = {.usable = true};

	v.wrong = str_starts(member(json, "wantErr"), "true");
	v.size2 = number_member(member(json, consistency ? "size2" : "treeSize"));
	v.root2 = base64_member(member(json, consistency ? "root2" : "root"));
	if (consistency) {
		v.size1 = number_member(member(json, "size1"));
		v.root1 = base64_member(member(json, "root1"));
		v.usable &= v.root1.n == SEAL_HASH;
	} else {
		v.at = number_member(member(json, "leafIdx"));
		v.leaf = base64_member(member(json, "leafHash"));
		v.usable &= v.leaf.n == SEAL_HASH;
	}
	v.usable &= v.root2.n == SEAL_HASH;
	read_proof(member(json, "proof"), &v);
	if (v.usable && check_vector(&v, consistency) == v.wrong)
		fail_msg("%s", path);
	return 1;
}

static size_t
check_dir(const char *path, bool consistency)
{
	struct str *names;
	size_t n, files = 0;
	struct bytes b;

	assert_ok(os_list_dir(a, path, &names, &n, &e));
	for (size_t i = 0; i < n; i++) {
		const char *at = str_fmt(a, "%s/" STR_FMT, path, STR_ARG(names[i])).p;
		if (os_is_dir(at)) {
			files += check_dir(at, consistency);
			continue;
		}
		assert_ok(os_read_file(a, at, 1 << 20, &b, &e));
		files += check_file(bytes_str(b), at, consistency);
	}
	return files;
}

static void
published_proofs_are_judged_as_they_should_be(void **state)
{
	(void)state;
	if (!os_is_dir(SHARED "/data/log/inclusion"))
		skip();
	assert_int_equal(check_dir(SHARED "/data/log/inclusion", false)
		+ check_dir(SHARED "/data/log/consistency", true), 196);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_heads_are_those_of_certificate_transparency),
		cmocka_unit_test(every_leafs_path_leads_to_the_root_and_no_other_leafs),
		cmocka_unit_test(a_record_is_a_tree_of_32),
		cmocka_unit_test(published_proofs_are_judged_as_they_should_be),
	};
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
