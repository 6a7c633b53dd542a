/*
 * The thin layer over the operating system: the only raw system calls, and the
 * seam where tests make any of them fail or kill the process.
 */
#ifndef BASE_OS_H
#define BASE_OS_H

#include "base/str.h"

/* Every operation that changes the disk passes here first.  Returns 0, or an
 * errno value that the operation must fail with.  With the environment's
 * HABEAS_FAULT=kill:N the N-th call ends the process by SIGKILL; nospace:N and
 * io:N make the N-th and all later calls fail (ENOSPC, EIO); honoured only in
 * builds configured with -Dfaults=true. */
int os_step(const char *what);

enum status os_read_file(struct arena *a, const char *path, size_t max,
	struct bytes *ret, struct err *e) MUST;              /* NO: there is none */
enum status os_read_fd(struct arena *a, int fd, const char *name, size_t max,
	struct bytes *ret, struct err *e) MUST;
/* Temporary file in the same directory, fsync, rename, fsync of the directory: the
 * old file or the new, never a part.  `mode` whatever the umask. */
enum status os_write_file(const char *path, struct bytes data, unsigned mode,
	struct err *e) MUST;
/* The same for what is too big to hold: written piece by piece, nothing to be seen of it
 * until it is kept; dropped (NULL is fine), or the program killed, nothing stays.  Keeping
 * ends the handle whichever way it goes. */
struct os_new_file;
enum status os_new_file(const char *path, struct os_new_file **ret, struct err *e) MUST;
enum status os_new_file_write(struct os_new_file *f, struct bytes data, struct err *e) MUST;
/* Everything on the disk, still without a name: of several files do this with all before
 * the first is kept, so that little can fail or be killed between them. */
enum status os_new_file_sync(struct os_new_file *f, unsigned mode, struct err *e) MUST;
enum status os_new_file_keep(struct os_new_file *f, unsigned mode, struct err *e) MUST;
void os_new_file_drop(struct os_new_file *f);
enum status os_write_fd(int fd, const char *name, struct bytes data, struct err *e) MUST;
enum status os_make_dirs(const char *path, unsigned mode, struct err *e) MUST;
enum status os_rename(const char *from, const char *to, struct err *e) MUST;  /* durable */
enum status os_remove(const char *path, struct err *e) MUST;                  /* absent: OK */
enum status os_remove_tree(const char *path, struct err *e) MUST;
enum status os_copy_file(const char *from, const char *to, unsigned mode,
	struct err *e) MUST;                                 /* durable */
bool os_exists(const char *path);
bool os_is_dir(const char *path);
/* Names in a directory, sorted by bytes, without . and .. and what os_write_file
 * left unfinished when it was killed.  NO: no such directory. */
enum status os_list_dir(struct arena *a, const char *path, struct str **ret, size_t *ret_n,
	struct err *e) MUST;
/* Remove what a killed os_write_file left unfinished there.  Only the one writer
 * may ask for that, holding its lock. */
enum status os_remove_leftovers(const char *path, struct err *e) MUST;
/* Which file this is, whatever its path: the inode number (device numbers change).
 * 0: there is none. */
uint64_t os_file_id(const char *path);

/* One writer: an exclusive advisory lock held until os_unlock or the end of the
 * process.  NO: another process holds it. */
struct os_lock { int fd; };
enum status os_lock(const char *path, struct os_lock *ret, struct err *e) MUST;
void os_unlock(struct os_lock *l);

int64_t os_now(void);                 /* Unix seconds; SOURCE_DATE_EPOCH wins */
int64_t os_clock_ms(void);            /* monotonic */
void os_pause_ms(unsigned ms);
const char *os_state_dir(struct arena *a);   /* $XDG_STATE_HOME or ~/.local/state */
/* /etc/machine-id, else the host name.  Names the machine to whoever reads it: hash
 * it before it is written anywhere (machine-id(5)). */
const char *os_machine_id(struct arena *a);
/* Beside the running binary, or in ../libexec/habeas of it; never by PATH.  Where
 * it is in neither, the first of the two. */
const char *os_helper_path(struct arena *a, const char *name);
void os_helpers_at(const char *dir);  /* for tests, whose binaries lie elsewhere */

/* A line typed without echo at the terminal (prompt on it), or read from `fd`
 * when fd >= 0; what follows the line is left for the next call.  At most max - 1
 * bytes into `ret`, NUL-terminated, without the end of line; wiped on failure. */
enum status os_passphrase(const char *prompt, int fd, char *ret, size_t max,
	struct err *e) MUST;

/* Run a helper with pipes only: nothing inherited but stdin, stdout and a stderr
 * that is captured (its first line becomes the error).  The helper gets at most
 * limit_bytes of address space and limit_seconds of CPU.  Its exit codes are
 * ours; a signal, a limit passed, a missing program are FAIL, and the line says
 * which helper and what.  NO environment but SOURCE_DATE_EPOCH and FONTCONFIG_FILE is passed on. */
struct os_helper {
	const char *name;
	const char *const *argv;          /* after argv[0]; NULL-terminated */
	size_t limit_bytes, max_output_bytes;
	unsigned limit_seconds;
	unsigned limit_wall_seconds;      /* 0: ten times limit_seconds */
};
enum status os_run_helper(struct arena *a, const struct os_helper *h, struct bytes input,
	struct bytes *ret, struct err *e) MUST;

/* Columns of the terminal that standard output is; 0: it is none. */
size_t os_terminal_columns(void);

/* Can somebody be asked: are standard input and output a terminal? */
bool os_asks(void);

/* Progress on a terminal (stderr), nothing otherwise; at most 10 lines a second. */
void os_progress(const char *what, uint64_t done, uint64_t of);
void os_progress_end(void);

void os_no_core_dumps(void);

#endif
