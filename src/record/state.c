/*
 * The state outside: the last size and root that were signed, kept where a copy of
 * the directory does not come along (docs/formats.md, "The state outside").
 */
#include "record/record.h"
#include "record/record_int.h"

enum { STATE_MOST = 4096 };

static const char first_line[] = "habeas state 1";

/* The machine's id names it to whoever reads it: only its hash is written. */
static struct str
machine_line(struct arena *a, struct str origin)
{
	uint8_t h[SEAL_HASH];
	struct str id = str_fmt(a, "habeas/machine/1\n%s\n" STR_FMT "\n", os_machine_id(a),
		STR_ARG(origin));

	seal_sha256(str_bytes(id), h);
	return hex_encode(a, BYTES(h));
}

const char *
state_path(struct arena *a, struct str origin)
{
	return str_fmt(a, "%s/habeas/" STR_FMT, os_state_dir(a),
		STR_ARG(str_from(origin, sizeof ORIGIN_PREFIX - 1))).p;
}

/* Lines in their order; what does not write back to the same bytes is refused. */
static struct str
state_text(struct arena *a, const struct state *st)
{
	return str_fmt(a, "%s\n" STR_FMT "\n%llu\n" STR_FMT "\n%llu\n" STR_FMT "\n", first_line,
		STR_ARG(st->log.origin), (unsigned long long)st->log.size,
		STR_ARG(base64_encode(a, BYTES(st->log.root))), (unsigned long long)st->directory,
		STR_ARG(st->machine));
}

static bool
state_parse(struct arena *a, struct str text, struct state *ret)
{
	struct str rest = text, line[6];
	struct bytes root;
	struct state st;

	for (size_t i = 0; i < 6; i++)
		line[i] = rest.p ? str_cut(&rest, '\n') : STR_NONE;
	if (!str_is(line[0], first_line) || !str_u64(line[2], &st.log.size)
		|| !base64_decode(a, line[3], &root) || root.n != SEAL_HASH
		|| !str_u64(line[4], &st.directory))
		return false;
	st.log.origin = line[1];
	memcpy(st.log.root, root.p, SEAL_HASH);
	st.machine = line[5];
	if (!str_eq(state_text(a, &st), text))
		return false;
	*ret = st;
	return true;
}

enum status
state_read(struct arena *a, struct str origin, struct state *ret, struct err *e)
{
	const char *path = state_path(a, origin);
	struct bytes b;
	enum status s = os_read_file(a, path, STATE_MOST, &b, e);

	if (s)
		return s;
	if (!utf8_valid(b) || !state_parse(a, bytes_str(b), ret)
		|| !str_eq(ret->log.origin, origin))
		return err_set(e, BAD, "%s: not the state of this log; remove it and then "
			"\"habeas resume\"", path);
	return OK;
}

bool
state_is_this_machine(struct arena *a, const struct state *st)
{
	return str_eq(st->machine, machine_line(a, st->log.origin));
}

bool
state_is_here(struct arena *a, const struct state *st, const char *directory)
{
	return st->directory == os_file_id(directory) && state_is_this_machine(a, st);
}

enum status
state_write(const struct checkpoint *log, const char *directory, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	struct state st = {.log = *log, .directory = os_file_id(directory)};
	const char *path = state_path(a, log->origin);
	char *parent = str_cstr(a, str_of(path));
	enum status s;

	st.machine = machine_line(a, log->origin);
	*strrchr(parent, '/') = '\0';
	s = os_make_dirs(parent, 0700, e);
	if (s == OK)
		s = os_write_file(path, str_bytes(state_text(a, &st)), 0600, e);
	arena_destroy(a);
	return s;
}
