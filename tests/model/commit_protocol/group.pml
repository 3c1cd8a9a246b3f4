/* group.pml - in-process group commit: several callers' changes in one version. No GC, no clock;
 * as nothing is cleaned here, REGROUP 1 and IDCHECK 1 double a change only with CHECK 0.
 * REGROUP 0: changes leave a body only when that body is PROVED lost; 1: they leave it on the deadline
 * CHECK   1: skip changes whose snapshot id is already in the base (per change); 0: not
 * CANCEL  1: a caller who gives up while its body is in flight gets "not committed" ; 0: UNKNOWN
 * QUEUETRAP  : a commit-again that times out while queued gets "not committed"
 * IDCHECK 0: resolve by the id of the BODY; 1: resolve by the id of the caller's value (the leader's only)
 */
#ifndef REGROUP
#define REGROUP 0
#endif
#ifndef CHECK
#define CHECK 1
#endif
#ifndef CANCEL
#define CANCEL 0
#endif
#ifndef IDCHECK
#define IDCHECK 0
#endif
#ifndef NV
#define NV 5
#endif
#ifndef NB
#define NB 3
#endif
#define NC 3                    /* callers, one change each */
#define WAIT 1
#define INFL 2
#define COMMITTED 3
#define UNKNOWN 4
#define NOTCOMMITTED 5
#define OTHER (NB+1)
byte slot[NV+2], newest = 1, nfill;
byte bslot[NB+1], bpar[NB+1], badds[NB+1], mask[NB+NV+2];
byte res[NC];
#define BIT(c) (1<<(c))
inline create(i) {
    printf("   body %d (adds %d) lands in v%d\n", i, badds[i], bslot[i]);
    assert(bpar[i] == slot[bslot[i]-1]);
    assert((mask[bpar[i]] & badds[i]) == 0);                                  /* doubled */
    assert(!((badds[i] & 1) && res[0] == NOTCOMMITTED) && !((badds[i] & 2) && res[1] == NOTCOMMITTED) && !((badds[i] & 4) && res[2] == NOTCOMMITTED));
    slot[bslot[i]] = i; newest = bslot[i] }
proctype Net() { do
    :: atomic { bslot[1] && slot[bslot[1]] == 0 -> create(1) }
    :: atomic { bslot[2] && slot[bslot[2]] == 0 -> create(2) }
    :: atomic { bslot[3] && slot[bslot[3]] == 0 -> create(3) }
    od }
proctype Others() { do
    :: atomic { nfill < 1 && newest < NV -> nfill++; mask[OTHER+newest] = mask[slot[newest]]; slot[newest+1] = OTHER+newest; newest++;
                printf("   another writer commits v%d\n", newest) }
    :: nfill == 1 -> break od }
proctype Caller(byte c) {
    byte again;
    res[c] = WAIT;
    do
    :: atomic { res[c] == INFL || res[c] == WAIT ->                            /* deadline or cancel */
#if CANCEL==1
         res[c] = NOTCOMMITTED; printf("   caller %d gets: not committed\n", c); break
#else
         #ifndef QUEUETRAP
         if :: res[c] == WAIT && again == 0 -> res[c] = NOTCOMMITTED; break     /* never in any body: definite */
            :: res[c] == WAIT && again == 1 -> res[c] = UNKNOWN; break          /* an earlier body may still hold it */
#else
         if :: res[c] == WAIT -> res[c] = NOTCOMMITTED; break
#endif
            :: res[c] == INFL -> res[c] = UNKNOWN; printf("   caller %d gets: unknown\n", c) fi
#endif
       }
    :: atomic { res[c] == UNKNOWN && again == 0 -> again = 1; res[c] = WAIT; printf("   caller %d commits again\n", c) }
    :: atomic { res[c] == COMMITTED -> assert(mask[slot[newest]] & BIT(c)); break }
    :: res[c] == UNKNOWN && again == 1 -> break
    od }
byte inbody;                     /* changes that sit in the unresolved body */
proctype Leader() {
    byte g, x, n, k, c; byte att;
build:
    atomic { g = inbody; c = 0;                                               /* unresolved changes are carried along */
      do :: c < NC -> if :: res[c] == WAIT -> if :: g = g | BIT(c) :: true fi :: else fi; c++ :: else -> c = 0; break od;
      (g != 0 && k < NB && newest < NV);
      n = newest; x = slot[n];
#if CHECK==1
      c = 0;
      do :: c < NC -> if :: (g & BIT(c)) && (mask[x] & BIT(c)) -> g = g & (255-BIT(c));
                                if :: res[c] != NOTCOMMITTED -> res[c] = COMMITTED :: else fi :: else fi; c++ :: else -> c = 0; break od;
      if :: g == 0 -> inbody = 0; goto build :: else fi;
#endif
      k++; att = k; bslot[att] = n+1; bpar[att] = x; badds[att] = g; mask[att] = mask[x] | g; inbody = g;
      printf("   leader builds body %d adds %d for v%d\n", att, g, n+1);
      c = 0; do :: c < NC -> if :: (g & BIT(c)) && res[c] == WAIT -> res[c] = INFL :: else fi; c++ :: else -> c = 0; break od }
put:
    atomic { if :: slot[bslot[att]] == 0 -> create(att) :: true fi }
resolve:
    atomic {
      if
#if IDCHECK==0
      :: slot[bslot[att]] == att -> goto own
      :: slot[bslot[att]] != 0 && slot[bslot[att]] != att ->
#else
      :: slot[bslot[att]] == att && (badds[att] & 1) -> goto own               /* body carries caller 0's id */
      :: slot[bslot[att]] != 0 && !(slot[bslot[att]] == att && (badds[att] & 1)) ->
#endif
         printf("   leader: body %d lost\n", att); goto build                   /* proved lost */
      :: slot[bslot[att]] == 0 -> goto put
      :: true ->                                                              /* leader's deadline */
         printf("   leader gives up on body %d for now\n", att);
         c = 0; do :: c < NC -> if :: res[c] == INFL && (badds[att] & BIT(c)) -> res[c] = UNKNOWN :: else fi; c++ :: else -> c = 0; break od;
#if REGROUP==1
         inbody = 0; goto build
#else
         (res[0] == WAIT || res[1] == WAIT || res[2] == WAIT); goto resolve    /* first settle the old body */
#endif
      fi }
own:
    atomic { c = 0;
      do :: c < NC -> if :: (badds[att] & BIT(c)) && res[c] != NOTCOMMITTED -> res[c] = COMMITTED :: else fi; c++ :: else -> c = 0; break od;
      inbody = 0; goto build }
}
init { atomic { slot[1] = OTHER; run Net(); run Others(); run Leader(); run Caller(0); run Caller(1); run Caller(2) } }
