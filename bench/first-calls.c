// Runs a program and writes the functions that it calls, each at its first call: a breakpoint at every one of them, which is taken away when it is hit.
// first-calls OUTPUT ADDRESSES PROGRAM [ARGUMENT...]
//   ADDRESSES: a file of addresses in hexadecimal as `nm` prints them, sorted, one a line. OUTPUT: those that were called, in the order of their calls; appended to.
// Linux on x86-64; position-independent executables, whose image begins at address 0.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BREAKPOINT = 0xcc, MOST = 1 << 20 };
static unsigned long functions[MOST];
static unsigned char first_bytes[MOST], called[MOST];
static int count, memory;

static void fail(const char *what) { perror(what); exit(1); }

static int by_address(const void *a, const void *b) {
  unsigned long left = *(const unsigned long *)a, right = *(const unsigned long *)b;
  return left < right ? -1 : left > right;
}

static void put(unsigned long address, unsigned char byte) {
  if (pwrite(memory, &byte, 1, (off_t)address) != 1) fail("writing a breakpoint");
}

static unsigned long start_of_image(pid_t pid) {
  char path[64];
  unsigned long start = 0;
  snprintf(path, sizeof path, "/proc/%d/maps", pid);
  FILE *maps = fopen(path, "r");
  if (!maps || fscanf(maps, "%lx-", &start) != 1) fail(path);
  fclose(maps);
  return start;
}

// After exec, before the first instruction.
static unsigned long set_breakpoints(pid_t pid) {
  char path[64];
  unsigned long start = start_of_image(pid);
  snprintf(path, sizeof path, "/proc/%d/mem", pid);
  if ((memory = open(path, O_RDWR)) < 0) fail(path);
  for (int i = 0; i < count; i++) {
    if (pread(memory, &first_bytes[i], 1, (off_t)(start + functions[i])) != 1) fail("reading a function");
    put(start + functions[i], BREAKPOINT);
  }
  return start;
}

// Another thread may have been at the same breakpoint: it only steps back.
static int on_breakpoint(pid_t thread, unsigned long start, FILE *output) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, thread, 0, &registers)) return 0;
  unsigned long address = registers.rip - 1 - start;
  unsigned long *found = bsearch(&address, functions, (size_t)count, sizeof *functions, by_address);
  if (!found) return 0;
  int index = (int)(found - functions);
  if (!called[index]) {
    called[index] = 1;
    put(start + address, first_bytes[index]);
    fprintf(output, "%016lx\n", address);
    fflush(output);
  }
  registers.rip--;
  return ptrace(PTRACE_SETREGS, thread, 0, &registers) == 0;
}

static pid_t program;
static void pass_on(int signal) { kill(program, signal); }

int main(int argc, char **argv) {
  if (argc < 4) { fputs("usage: first-calls OUTPUT ADDRESSES PROGRAM [ARGUMENT...]\n", stderr); return 2; }
  FILE *output = fopen(argv[1], "a"), *addresses = fopen(argv[2], "r");
  if (!output || !addresses) fail("opening files");
  while (count < MOST && fscanf(addresses, "%lx", &functions[count]) == 1) count++;
  program = fork();
  if (program == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    execv(argv[3], argv + 3);
    fail(argv[3]);
  }
  signal(SIGTERM, pass_on);
  signal(SIGINT, pass_on);
  int status;
  if (waitpid(program, &status, 0) < 0 || !WIFSTOPPED(status)) fail("starting the program");
  ptrace(PTRACE_SETOPTIONS, program, 0, PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
  unsigned long start = set_breakpoints(program);
  ptrace(PTRACE_CONT, program, 0, 0);
  for (;;) {
    pid_t thread = waitpid(-1, &status, __WALL);
    if (thread < 0) { if (errno == EINTR) continue; fail("waiting"); }
    if (!WIFSTOPPED(status)) {
      if (thread == program) return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
      continue;
    }
    int signal = WSTOPSIG(status);
    // A new thread begins with a stop, and its maker tells of it with a trap.
    int ours = signal == SIGSTOP || (signal == SIGTRAP && (status >> 16 != 0 || on_breakpoint(thread, start, output)));
    ptrace(PTRACE_CONT, thread, 0, ours ? 0 : signal);
  }
}
