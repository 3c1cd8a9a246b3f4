// Preloaded into a process, its file locks have no effect.
int flock(int file, int operation) {
  (void)file;
  (void)operation;
  return 0;
}
