/* Arenas, buffers, and what happens past their caps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/mem.h"
#include <string.h>

static void
everything_is_zeroed_and_aligned(void **state)
{
	struct arena *a = arena_create(8 << 20);

	for (size_t n = 0; n < 300; n++) {
		uint8_t *p = arena_alloc(a, n, 1);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xaa, n);
	}
	arena_destroy(a);
	(void)state;
}

static void
pieces_do_not_overlap(void **state)
{
	enum { N = 2000 };
	struct arena *a = arena_create(64 << 20);
	static uint8_t *p[N];

	for (size_t i = 0; i < N; i++) {
		p[i] = arena_alloc(a, i, 3);
		memset(p[i], (int)(i % 251), i * 3);
	}
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < i * 3; k++)
			assert_true(p[i][k] == i % 251);
	assert_true(arena_used(a) >= 3u * N * (N - 1) / 2);
	arena_destroy(a);
	(void)state;
}

static void
a_reset_arena_is_empty_and_zeroed(void **state)
{
	struct arena *a = arena_create(1 << 20);

	/* Many more turns than the cap would hold without giving back. */
	for (int turn = 0; turn < 100; turn++) {
		uint8_t *p = arena_alloc(a, 200000, 1);
		for (size_t i = 0; i < 200000; i += 997)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, 200000);
		arena_alloc(a, 100000, 1);
		arena_reset(a);
		assert_int_equal(arena_used(a), 0);
	}
	arena_destroy(a);
	arena_destroy(NULL);
	(void)state;
}

static void
a_vector_keeps_what_was_pushed(void **state)
{
	struct arena *a = arena_create(1 << 20);
	VEC(int) v = {0};

	for (int i = 0; i < 5000; i++)
		VEC_PUSH(a, &v) = i * i;
	assert_int_equal(v.n, 5000);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(v.v[i], i * i);
	arena_destroy(a);
	(void)state;
}

static void
a_buffer_grows_to_its_cap(void **state)
{
	struct buf b;

	buf_init(&b, 100000);
	for (size_t i = 0; i < 100000; i++)
		buf_byte(&b, (uint8_t)(i * 7));
	assert_false(b.over);
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], (uint8_t)(i * 7));
	buf_byte(&b, 0);
	assert_true(b.over);
	assert_int_equal(b.n, 100000);
	assert_null(buf_room(&b, 0));                     /* over sticks */
	buf_clear(&b);
	buf_fmt(&b, "%s-%d", "x", 42);
	assert_int_equal(b.n, 4);
	assert_memory_equal(b.p, "x-42", 4);
	buf_finish(&b);
	buf_finish(&b);
	(void)state;
}

static void
past_any_cap(void)
{
	arena_alloc(arena_create(1 << 20), (1 << 20) + 1, 1);
}

static void
past_the_cap_little_by_little(void)
{
	struct arena *a = arena_create(1 << 20);

	for (int i = 0; i < 1 << 20; i++)
		arena_alloc(a, 1, 1);
}

static void
past_what_can_be_counted(void)
{
	arena_alloc(arena_create(1 << 20), SIZE_MAX / 8, 16);
}

static void
past_what_can_be_counted_on_the_heap(void)
{
	mem_alloc(SIZE_MAX / 8, 16);
}

static void
past_what_can_be_counted_when_growing(void)
{
	mem_grow(NULL, SIZE_MAX / 8, 16);
}

/* In a child, silently: it must end by abort(). */
static bool
aborts(void (*f)(void))
{
	pid_t pid = fork();
	int how = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open("/dev/null", O_WRONLY);
		dup2(fd, 2);
		signal(SIGABRT, SIG_DFL);
		f();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &how, 0), pid);
	return WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT;
}

static void
beyond_a_cap_the_process_ends(void **state)
{
	assert_true(aborts(past_any_cap));
	assert_true(aborts(past_the_cap_little_by_little));
	assert_true(aborts(past_what_can_be_counted));
	assert_true(aborts(past_what_can_be_counted_on_the_heap));
	assert_true(aborts(past_what_can_be_counted_when_growing));
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_zeroed_and_aligned),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(a_reset_arena_is_empty_and_zeroed),
		cmocka_unit_test(a_vector_keeps_what_was_pushed),
		cmocka_unit_test(a_buffer_grows_to_its_cap),
		cmocka_unit_test(beyond_a_cap_the_process_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
