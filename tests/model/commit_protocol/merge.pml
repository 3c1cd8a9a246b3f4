/* merge.pml - a commit call that writes a merged manifest: one file with the entries of two manifests of its base.
 * One writer with two calls and three bodies; another writer that appends, deletes a file or merges the same manifests.
 * No clock and no clean-up: a sent body may land as long as its slot is empty.
 * REUSE   0: a later try uses the call's merged manifest if its base still lists all inputs; 1: if it lists one; 2: always
 * DELETE  0: the merged manifest goes when all bodies of its call are proved lost; 1: when those that refer to it are, also
 *            where another body was committed; 2: when the deadline comes and an earlier body of the call is proved lost;
 *         3: when one body is proved lost
 * NEWIN      the change's own entries are in the merged manifest, which is then the change's manifest, for later calls too
 */
#ifndef REUSE
#define REUSE 0
#endif
#ifndef DELETE
#define DELETE 0
#endif
#ifndef NV
#define NV 6
#endif
#ifndef NB
#define NB 3
#endif
#ifndef FILL
#define FILL 3
#endif
/* Manifests: the two inputs, the change's own, what the two calls and the other writer merged, what the other appended */
#define A 1
#define B 2
#define OWN 4
#define MERGED(call) (8 << ((call) - 1))
#define OTHERS 32
#define D 64
#define HAS(m, x) (((m) & (x)) != 0)
#define OF_A(m) (HAS(m, A) + HAS(m, 8) + HAS(m, 16) + HAS(m, OTHERS))      /* how often an entry is in a version */
#define OF_B(m) (HAS(m, B) + HAS(m, 8) + HAS(m, 16) + HAS(m, OTHERS))
#ifdef NEWIN
#define OF_OWN(m) (HAS(m, OWN) + HAS(m, 8) + HAS(m, 16))
#else
#define OF_OWN(m) HAS(m, OWN)
#endif
byte slot[NV+2], newest = 1, nfill;
byte bslot[NB+1], bpar[NB+1];
byte list[NB+NV+2];                 /* the manifests of a body */
byte gone;                          /* manifests that were deleted */
inline create(i) {
    printf("   body %d lands in v%d, manifests %d\n", i, bslot[i], list[i]);
    assert(bpar[i] == slot[bslot[i]-1]);
    assert(!(gone & list[i]));                                             /* refers to a deleted manifest */
    assert(OF_A(list[i]) == OF_A(list[bpar[i]]));                          /* doubled, lost, or back though deleted */
    assert(OF_B(list[i]) == OF_B(list[bpar[i]]));
    assert(OF_OWN(list[bpar[i]]) == 0 && OF_OWN(list[i]) == 1);
    slot[bslot[i]] = i; newest = bslot[i] }
inline remove(m) {
    if :: (m) != 0 -> gone = gone | (m); printf("   manifest %d is deleted\n", m); assert(!(list[slot[newest]] & (m))) :: else fi }
proctype Net() { do
    :: atomic { bslot[1] && slot[bslot[1]] == 0 -> create(1) }
    :: atomic { bslot[2] && slot[bslot[2]] == 0 -> create(2) }
    :: atomic { bslot[3] && slot[bslot[3]] == 0 -> create(3) }
    od }
proctype Others() { byte m; do
    :: atomic { nfill < FILL && newest < NV -> nfill++; m = list[slot[newest]];
       if
       :: HAS(m, A) && HAS(m, B) -> m = (m & (255-A-B)) | OTHERS; printf("   another writer merges in v%d\n", newest+1)
       :: HAS(m, A) -> m = m & (255-A); printf("   another writer deletes in v%d\n", newest+1)
       :: !HAS(m, D) -> m = m | D; printf("   another writer appends in v%d\n", newest+1)
       :: else -> printf("   another writer commits v%d\n", newest+1)
       fi;
       list[NB+newest] = m; slot[newest+1] = NB+newest; newest++; m = 0 }
    :: nfill == FILL -> break
    od }
proctype Writer() {
    byte call, att, k, m, x, tries, merged, refers, lost, own = OWN;
begin:
    atomic { call++; tries = 0; merged = 0; refers = 0; lost = 0;
      if :: att != 0 -> goto resolve :: else fi };                         /* settles what was sent before */
build:
    atomic { x = slot[newest];
      if :: OF_OWN(list[x]) -> goto acked :: else fi;
      if :: k == NB || newest == NV -> goto giveup :: else fi;
      k++; att = k; bslot[att] = newest+1; bpar[att] = x; m = list[x];
      if
      :: tries == 0 && HAS(m, A) && HAS(m, B) -> merged = MERGED(call); goto with
      :: merged != 0 &&
#if REUSE==0
         HAS(m, A) && HAS(m, B)
#elif REUSE==1
         (HAS(m, A) || HAS(m, B))
#else
         true
#endif
         -> goto with
      :: true -> m = m | own
      fi;
      goto sent;
with: m = (m & (255-A-B)) | merged; refers = att;
#ifdef NEWIN
      own = merged;
#else
      m = m | own;
#endif
sent: list[att] = m; tries++; m = 0; x = 0;
      printf("   call %d sends body %d for v%d, manifests %d\n", call, att, bslot[att], list[att]) }
put:
    atomic { if :: slot[bslot[att]] == 0 -> create(att) :: true fi }
resolve:
    atomic { if
      :: slot[bslot[att]] == att -> goto acked
      :: slot[bslot[att]] != 0 && slot[bslot[att]] != att ->
         printf("   body %d is lost\n", att); if :: tries > 0 -> lost++ :: else fi; att = 0;
#if DELETE==3
         remove(merged);
#endif
         if :: goto build :: goto giveup fi
      :: slot[bslot[att]] == 0 -> goto put
      :: printf("   call %d reports UNKNOWN\n", call);                      /* its deadline */
#if DELETE==2
         if :: lost > 0 -> remove(merged) :: else fi;
#endif
         goto again
      fi }
giveup:                                                                    /* every body of this call is proved lost */
    atomic { printf("   call %d reports FAILED\n", call); att = 0; remove(merged); goto again }
acked:
    atomic { assert(OF_OWN(list[slot[newest]]) == 1);
#if DELETE==1
      if :: merged != 0 && !HAS(list[att], merged) -> remove(merged) :: else fi;
#endif
      att = 0; goto stop }
again: if :: call < 2 -> goto begin :: true fi;
stop: skip
}
init { atomic { slot[1] = NB+NV+1; list[NB+NV+1] = A|B; run Net(); run Others(); run Writer() } }
