/* What store's tests share: a directory of their own, a cipher that needs no
 * library, children that are killed. */
#ifndef STORE_TESTS_CHECK_H
#define STORE_TESTS_CHECK_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "store/store.h"

static struct arena *a;
static struct err e;
static char dir[64];

static inline int
start(void **state)
{
	(void)state;
	a = arena_create(256 << 20);
	/* In memory where there is such a place: these tests sync a thousand times, and
	 * a SIGKILL takes nothing that was written, synced or not. */
	snprintf(dir, sizeof dir, "%s/habeas-store-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(dir) ? 0 : -1;
}

static inline int
end(void **state)
{
	(void)state;
	arena_destroy(a);
	return os_remove_tree(dir, &e) == OK ? 0 : -1;
}

static inline const char *
in_dir(const char *name)
{
	return str_fmt(a, "%s/%s", dir, name).p;
}

static inline size_t
found_in(const char *path, struct bytes part)
{
	struct arena *own = arena_create(64 << 20);
	const uint8_t *at;
	struct bytes b;
	size_t found = 0;

	assert_int_equal(os_read_file(own, path, 32 << 20, &b, &e), OK);
	for (size_t from = 0; from < b.n && (at = memmem(b.p + from, b.n - from, part.p,
			part.n)); from = (size_t)(at - b.p) + 1)
		found++;
	arena_destroy(own);
	return found;
}

/* How often `part` stands in any file of the directory. */
static inline size_t
found_in_files(struct bytes part)
{
	struct str *names;
	size_t n, found = 0;

	assert_int_equal(os_list_dir(a, dir, &names, &n, &e), OK);
	for (size_t i = 0; i < n; i++)
		found += found_in(in_dir(str_cstr(a, names[i])), part);
	return found;
}

/* Run in a child with the fault, if any; its wait status.  The child's exit code is
 * what `run` returned. */
static inline int
in_child(const char *fault, int (*run)(void *), void *arg)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (fault)
			setenv("HABEAS_FAULT", fault, 1);
		_exit(run(arg));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static inline bool
was_killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* A toy: a stream from hash64 and a check of 8 bytes.  seal's is tested there. */
static inline void
toy_stream(uint64_t key, uint64_t page, uint64_t nonce, uint8_t *p, size_t n)
{
	uint64_t seed[3] = {key, page, nonce};

	for (size_t i = 0; i + 8 <= n; i += 8) {
		uint64_t w = hash64((struct bytes){(uint8_t *)seed, sizeof seed}, i), v;
		memcpy(&v, p + i, 8);
		v ^= w;
		memcpy(p + i, &v, 8);
	}
}

static inline uint64_t
toy_check(uint64_t key, uint64_t page, const uint8_t *p, size_t n)
{
	return hash64((struct bytes){p, n - 8}, key * 31 + page);
}

static inline void
toy_close(const void *key, uint64_t page, uint8_t *p, size_t n)
{
	static uint64_t nonce = 1;
	uint64_t k = *(const uint64_t *)key, check;

	memset(p + n - 40, 0, 40);
	nonce++;
	memcpy(p + n - 40, &nonce, 8);
	toy_stream(k, page, nonce, p, n - 40);
	check = toy_check(k, page, p, n);
	memcpy(p + n - 8, &check, 8);
}

static inline bool
toy_open(const void *key, uint64_t page, uint8_t *p, size_t n)
{
	uint64_t k = *(const uint64_t *)key, check, nonce;

	memcpy(&check, p + n - 8, 8);
	if (check != toy_check(k, page, p, n))
		return false;
	memcpy(&nonce, p + n - 40, 8);
	toy_stream(k, page, nonce, p, n - 40);
	return true;
}

static const uint64_t toy_key = 0x0123456789abcdef, other_key = 0x0123456789abcdee;
static const struct store_cipher toy = {toy_close, toy_open, &toy_key};
static const struct store_cipher other_toy = {toy_close, toy_open, &other_key};

#endif
