// Preloaded into a process, its file locks lock nothing.
int flock(int file, int operation) {
  (void)file;
  (void)operation;
  return 0;
}
