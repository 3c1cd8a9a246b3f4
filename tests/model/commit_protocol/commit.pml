/* commit.pml - the commit protocol over conditional PUTs.
 * One model, many variants: every rule is a -D switch (variants.txt; run checks them).
 *
 * Store:   slot[s] = body id (0 = absent). PUT If-None-Match:* = atomic create-if-absent.
 * Network: a body once sent may be delivered at ANY later time, ANY number of times (covers delay,
 *          duplicate, loss, 429/5xx before or after the effect, client retries underneath us);
 *          the only limit is the signature fence.
 * Client:  sees the true answer of one synchronous delivery, or "ambiguous" at any time.
 * Time:    only ages are stored, each capped where it stops to matter, so time is UNBOUNDED.
 * Crash/stall: no fairness, so every process may stop for ever, or for any number of ticks.
 * Ghosts:  hist[s] = first body ever created in slot s; mask[] = changes whose rows are in a version.
 *          snap[] = snapshot ids VISIBLE in a version's metadata (expiry removes ids, not rows).
 */
#ifndef NW
#define NW 2            /* writers                              */
#endif
#ifndef MAXATT
#define MAXATT 2        /* bodies (attempts) per writer         */
#endif
#ifndef NV
#define NV 5            /* highest slot                         */
#endif
#ifndef S
#define S 1             /* store refuses a signature older than S ticks      */
#endif
#ifndef A
#define A 2             /* GC deletes only versions at least A ticks old      */
#endif
#ifndef K
#define K 1             /* GC keeps the newest K                */
#endif
#ifndef FILL
#define FILL 2          /* background versions by others        */
#endif
#ifndef AGAIN
#define AGAIN 1         /* commit-again calls per writer        */
#endif
#ifndef SKEW
#define SKEW 0          /* writer clock may be ahead by 0..SKEW */
#endif
#ifndef E
#define E 0             /* min age of a snapshot to be expired  */
#endif
#ifndef DISC
#define DISC 0          /* 0 LIST, 1 cached+probe, 2 probe then HEAD base, 3 HEAD base then probe, 4 time-bounded cache */
#endif
#ifndef GCORDER
#define GCORDER 0       /* 0 ascending one by one, 1 any order  */
#endif
#ifndef IDENT
#define IDENT 0         /* 0 attempt id per body, 1 id per value, 2 ETag & bytes may coincide, 3 ETag never equals MD5 */
#endif
#ifndef MOVEON
#define MOVEON 0        /* slot empty after ambiguity: 0 re-PUT same bytes, 1 new body on newest, 2 skip to next slot, 3 report failed */
#endif
#ifndef CHECKBASE
#define CHECKBASE 1     /* look for own snapshot ids in every base before building a body */
#endif
#ifndef RECOMMIT
#define RECOMMIT 0      /* commit-again: 0 resume remembered (slot, attempt); 1 forget, start from newest */
#endif
#ifndef GCPOLICY
#define GCPOLICY 0      /* slot gone and snapshot id not found: 0 UNKNOWN, 1 treat as lost, 2 lost only if first send younger than E */
#endif
#ifndef RECONFIRM
#define RECONFIRM 1     /* signature expired, slot empty: 1 re-confirm base and re-sign, 0 re-sign blindly,
                         2 re-confirm, then NEW body (the old one is dead by the fence) */
#endif
#ifndef CHG0
#define CHG0 1
#endif
#ifndef CHG1
#define CHG1 2
#endif
#ifndef CHG2
#define CHG2 4
#endif
#ifdef NOFENCE
#define FRESH(i) (true)
#else
#define FRESH(i) (b[i].sign <= S + SKEW)     /* sign = age of the signature + SKEW */
#endif
#ifdef AGED_AT_ONCE
#define AGE_OF_LOOK 0                        /* a body's age counts now, and not when its base was looked at */
#else
#define AGE_OF_LOOK (t0[w] - SKEW)
#endif
#define NATT (NW*MAXATT)
#define BG(s) (NATT+(s))
#define OWNER(x) (((x)-1)/MAXATT)
#define NONE 0
#define COMMITTED 1
#define UNKNOWN 2
#define FAILED 3

byte slot[NV+2], hist[NV+2], cage[NV+2];  /* cage = age of the version, capped at A */
byte newest = 1, cdel, hint = 1, nfill;
typedef body_t { byte slot; byte par; byte adds; byte sign; byte wt; bit sent; bit del }
body_t b[NATT+1];
byte mask[NATT+NV+2], snap[NATT+NV+2];
byte res[NW];
byte t0[NW], conf[NW], first[NW], wt[NW];  /* ages, per writer: base confirmed / last confirm / first send / own files written */
#ifdef EXPIRE
byte land[4];           /* land[i]: age since change bit i landed, capped at E */
#endif

#if IDENT==0
#define OWN(x) ((x)==att)
#elif IDENT==1
#define OWN(x) ((x)!=0 && (x)<=NATT && OWNER(x)==w)
#elif IDENT==2
#define OWN(x) ((x)!=0 && (x)<=NATT && b[x].par==b[att].par)
#else
#define OWN(x) (false)
#endif

inline create(i) {
    printf("   PUT of body %d lands in v%d (parent body %d, adds %d)\n", i, b[i].slot, b[i].par, b[i].adds);
#ifdef DIFFONLY
    assert(hist[b[i].slot] == 0 || hist[b[i].slot] == i);
#else
    assert(hist[b[i].slot] == 0);                     /* P3 no slot is created twice            */
#endif
    assert(b[i].par == hist[b[i].slot-1]);            /* P3 the history is one chain            */
    assert((mask[b[i].par] & b[i].adds) == 0);        /* P1 P2 a change is in history only once */
    assert(!b[i].del);                                /* P4 attempt's manifest list was deleted */
    assert((cdel & b[i].adds) == 0);                  /* P4 change's manifests were deleted     */
    assert(res[OWNER(i)] != FAILED);                  /* P5 "failed" was reported, yet it lands */
#ifdef APPKEY
    assert((mask[i] & 3) != 3);                       /* app-level: same files under two change ids */
#endif
#ifdef ORPHAN
    assert(b[i].wt < ORPHAN);                   /* files may have been taken as orphans   */
#endif
#ifdef EXPIRE
    if :: b[i].adds & 1 -> land[0] = 0 :: else fi;
    if :: b[i].adds & 2 -> land[1] = 0 :: else fi;
    if :: b[i].adds & 4 -> land[2] = 0 :: else fi;
#endif
    slot[b[i].slot] = i; hist[b[i].slot] = i; cage[b[i].slot] = 0; newest = b[i].slot
}
#define DELIVER(i) :: atomic { b[i].sent && slot[b[i].slot] == 0 && FRESH(i) -> create(i) }

proctype Net() {
    do
    DELIVER(1)
#if NATT>1
    DELIVER(2)
#endif
#if NATT>2
    DELIVER(3)
#endif
#if NATT>3
    DELIVER(4)
#endif
#if NATT>4
    DELIVER(5)
#endif
#if NATT>5
    DELIVER(6)
#endif
#if NATT>6
    DELIVER(7)
    DELIVER(8)
#endif
#if NATT>8
    DELIVER(9)
#endif
    od
}

#define OLDER(v,cap) if :: v < (cap) -> v++ :: else fi
#define SCAP (S + SKEW + 1)
#ifdef REWRITE
#define TCAP ORPHAN                              /* it is compared with the age of files, too */
#else
#define TCAP SCAP
#endif
proctype Clock() {
    byte i;
    do
    :: d_step { printf("   tick\n");
         i = 1;
         do :: i <= NV -> if :: slot[i] != 0 && cage[i] < A -> cage[i]++ :: else fi; i++ :: else -> break od;
         i = 1;
         do :: i <= NATT -> if :: b[i].slot != 0 -> OLDER(b[i].sign, SCAP);
#ifdef ORPHAN
                                                    OLDER(b[i].wt, ORPHAN)
#endif
                            :: else fi; i++ :: else -> break od;
         i = 0;
         do :: i < NW -> OLDER(t0[i], TCAP);
#if DISC==4
                         OLDER(conf[i], A);
#endif
#if GCPOLICY==2 || defined(CAGE)
                         OLDER(first[i], E);
#endif
#ifdef ORPHAN
                         OLDER(wt[i], ORPHAN);
#endif
                         i++ :: else -> break od;
#ifdef EXPIRE
         OLDER(land[0], E); OLDER(land[1], E); OLDER(land[2], E);
#endif
         i = 0 }
    od
}

proctype Gc() {
    byte s = 1;
    do
    :: atomic { s < NV ->
         if
         :: slot[s] != 0 && s + K <= newest && cage[s] >= A -> printf("   GC deletes v%d\n", s); slot[s] = 0; cage[s] = 0; s++
#if GCORDER==1
         :: s + K <= newest -> s++           /* leaves it behind: partial batch, or deleted out of order */
#endif
         fi }
    od
}

proctype Others() {     /* other committers: definite outcomes, fill slots, may expire snapshot ids */
    byte s;
    do
    :: atomic { nfill < FILL && newest < NV ->
         s = newest + 1; nfill++; printf("   another writer commits v%d\n", s);
         mask[BG(s)] = mask[hist[newest]]; snap[BG(s)] = snap[hist[newest]];
#ifdef EXPIRE
         if
         :: true
         :: snap[BG(s)] != 0 ->
            if :: (snap[BG(s)] & 1) && land[0] >= E -> snap[BG(s)] = snap[BG(s)] & 254 :: else fi;
            if :: (snap[BG(s)] & 2) && land[1] >= E -> snap[BG(s)] = snap[BG(s)] & 253 :: else fi;
            if :: (snap[BG(s)] & 4) && land[2] >= E -> snap[BG(s)] = snap[BG(s)] & 251 :: else fi
         fi;
#endif
         slot[s] = BG(s); hist[s] = BG(s); cage[s] = 0; newest = s; s = 0 }
    :: nfill == FILL -> break
    od
}

#ifdef CONFLICT
#define CONFL conflictable = 1
#else
#define CONFL skip
#endif
proctype Writer(byte w; byte chg) {
    byte base = 1, bx = BG(1);                   /* cached newest version and its body   */
    byte att, n, x, k, again; bit amb, rc, conflictable;
#ifdef APPSTART
    if :: w == 1 -> (b[1].sent) :: else fi;      /* second life of the application */
#endif

discover:                                        /* rc=0: then build; rc=1: then reconfirm */
    atomic { t0[w] = SKEW;
#if SKEW>0
      if :: true :: t0[w] = 0 fi;                /* writer's clock ahead: the signature lives longer */
#endif
    }
#if HINTTRUTH
    atomic { n = hint; if :: slot[hint] != 0 -> x = slot[hint] :: else -> goto stop fi }
#elif DISC==0
    atomic { n = newest; x = slot[newest]; base = n; bx = x }
#elif DISC==1
    do
    :: atomic { slot[base+1] != 0 -> base++; bx = slot[base] }
    :: atomic { slot[base+1] == 0 -> n = base; x = bx; break }
    od
#elif DISC==2
    do
    :: atomic { slot[base+1] != 0 -> base++; bx = slot[base] }
    :: atomic { slot[base+1] == 0 -> break }
    od;
    atomic {
      if
      :: slot[base] != 0
      :: else -> t0[w] = SKEW; base = newest; bx = slot[newest]
      fi;
      n = base; x = bx }
#elif DISC==3
    atomic { if :: slot[base] != 0 :: else -> base = newest; bx = slot[newest] fi }
    do
    :: atomic { slot[base+1] != 0 -> base++; bx = slot[base] }
    :: atomic { slot[base+1] == 0 -> n = base; x = bx; break }
    od
#elif DISC==4
    do
    :: atomic { conf[w] < A && slot[base+1] != 0 -> base++; bx = slot[base] }
    :: atomic { conf[w] < A && slot[base+1] == 0 -> n = base; x = bx; conf[w] = t0[w]; break }   /* ages: t0 >= 0 */
    :: atomic { conf[w] >= A -> t0[w] = 0; n = newest; x = slot[newest]; base = n; bx = x; conf[w] = 0; break }
    od;
#endif
    if :: rc == 1 -> rc = 0; goto reconfirmed :: else fi;

build:
    atomic {
#if CHECKBASE
      if :: (snap[x] & chg) == chg -> goto acked :: else fi;
#endif
#ifdef APPKEY
#if APPKEY==1
      if :: snap[x] & 3 -> goto resolved :: else fi;    /* same idempotency key found in the base's metadata */
#elif APPKEY==2
      if :: mask[x] & 3 -> goto resolved :: else fi;    /* key kept where expiry cannot remove it */
#endif
#endif
#ifdef CAGE
      if :: first[w] >= E -> goto stop :: else fi;      /* value older than the snapshot retention: UNKNOWN, do not re-apply */
#endif
#ifdef CONFLICT
      if :: conflictable -> goto conflict :: true fi;
#endif
      if
      :: k == MAXATT || n >= NV -> goto stop
      :: else
      fi;
      k++; att = w*MAXATT + k;
      b[att].slot = n + 1; b[att].par = x; b[att].sign = t0[w];
#ifdef ORPHAN
      if :: k == 1 -> wt[w] = 0 :: else fi;
#ifdef REWRITE
      if :: wt[w] >= REWRITE -> wt[w] = 0 :: else fi;      /* files too old: write them anew */
#endif
#ifdef LASTSIGN
      if :: wt[w] > LASTSIGN -> wt[w] = 0 :: else fi;      /* here a body is as old as its files */
#endif
      b[att].wt = wt[w];
#endif
#if CHECKBASE
      b[att].adds = chg & (255 - snap[x]);
#else
      b[att].adds = chg;
#endif
      mask[att] = mask[x] | chg; snap[att] = snap[x] | chg; amb = 0; b[att].sent = 1;
      printf("   W%d builds body %d for v%d on body %d, PUT goes out\n", w, att, n+1, x);
#if GCPOLICY==2
      first[w] = 0;
#endif
      n = 0; x = 0; t0[w] = TCAP }

put:
#ifdef SIGN_AT_SEND
    atomic { b[att].sign = SKEW; skip };
#endif
    atomic {
    if
    :: !FRESH(att) -> goto skewed                                          /* 403 RequestTimeTooSkewed */
    :: FRESH(att) && slot[b[att].slot] == 0 -> create(att); goto acked     /* 200 */
#ifdef CLEAN412
    :: FRESH(att) && slot[b[att].slot] == 0 -> create(att); goto seen412   /* a copy landed first: 412 against ourselves */
    :: FRESH(att) && slot[b[att].slot] != 0 -> goto seen412
#endif
    ::
#if defined(D4XX) || defined(SKEWFAIL)
       amb = 1;
#endif
                                                                           /* 412, 429, 5xx, time-out, reset: look */
#ifdef AMBFAIL
       goto failed                                                         /* e.g. 429 taken for "refused" */
#elif HINTTRUTH
       goto hintresolve
#else
       goto resolve
#endif
#ifdef D4XX
    #ifdef NODUP
    :: !amb && hist[b[att].slot] != att ->                                 /* definite 4xx to the only copy there is */
#else
    :: !amb ->                                                             /* a definite 4xx, first try */
#endif
#ifdef NODUP
         b[att].sent = 0;                                                  /* no hidden second copy exists */
#endif
         goto failed
#endif
    fi }
#ifdef CLEAN412
seen412:
    atomic { b[att].del = 1; assert(hist[b[att].slot] != att); goto discover }
#endif
skewed:
#ifdef SKEWFAIL
    if :: !amb -> goto failed :: else fi;
#endif
resolve:
    atomic {
      x = slot[b[att].slot];
      if
      ::
         OWN(x) -> printf("   W%d reads v%d: own -> committed\n", w, b[att].slot); goto acked
      :: x != 0 && !OWN(x) -> printf("   W%d reads v%d: body %d, not own -> lost\n", w, b[att].slot, x); goto lost
      :: x == 0 -> printf("   W%d reads v%d: empty\n", w, b[att].slot)
      :: goto unknown
      fi }
slotempty:
    atomic { x = 0;
#if MOVEON==1
      goto discover
#elif MOVEON==2
      if :: k == MAXATT || b[att].slot + 1 > NV -> goto stop :: else fi;
      k++; n = b[att].slot; x = b[att].par; t0[w] = b[att].sign;
      att = w*MAXATT + k; b[att].slot = n + 1; b[att].par = x; b[att].sign = t0[w]; b[att].adds = chg; b[att].sent = 1;
      mask[att] = mask[x] | chg; snap[att] = snap[x] | chg; n = 0; x = 0;
      goto put
#elif MOVEON==3
      goto failed
#else
      if
      :: FRESH(att) -> goto put
#ifdef LATER
      :: FRESH(att) -> rc = 1; goto discover      /* a later call re-confirms whether the signature is alive or not */
#endif
      :: else ->
#if RECONFIRM==0
         b[att].sign = SKEW; goto put
#else
         rc = 1; goto discover
#endif
      fi
#endif
    }
reconfirmed:                                      /* the signature had expired; (n,x) = newest, t0 = when */
    atomic { printf("   W%d re-confirms: newest v%d body %d\n", w, n, x);
      if
      :: n + 1 == b[att].slot && x == b[att].par ->
#if RECONFIRM==2
         goto build                               /* all copies are dead by the fence: proved lost */
#else
#ifdef REWRITE
         if
         :: b[att].wt >= REWRITE + AGE_OF_LOOK -> goto build    /* old bytes were dead by the fence when n was found */
         :: b[att].wt >= REWRITE + AGE_OF_LOOK -> goto failed   /* and that is reported to a caller that is asked to stop */
         :: else
         fi;
#endif
#ifdef LASTSIGN
         if :: b[att].wt > LASTSIGN + AGE_OF_LOOK -> goto unknown :: else fi;   /* it might be alive when it counts as dead */
#endif
         b[att].sign = t0[w]; n = 0; x = 0; t0[w] = TCAP;
         goto put
#endif
      :: else ->
         if
         :: OWN(slot[b[att].slot]) -> goto acked
         :: slot[b[att].slot] != 0 && !OWN(slot[b[att].slot]) -> goto lost
         :: slot[b[att].slot] == 0 ->             /* the slot was collected: look for the snapshot id */
            if
            :: (snap[x] & chg) == chg -> goto acked
            :: else ->
#if GCPOLICY==0
               goto unknown
#elif GCPOLICY==1
               CONFL; goto build
#else
               if :: first[w] < E -> CONFL; goto build :: else -> goto unknown fi
#endif
            fi
         fi
      fi }
lost:                                             /* someone else's body is in the slot */
    atomic { CONFL; x = 0; n = 0; amb = 0;
#ifndef NOLOSTPROOF
      assert(hist[b[att].slot] != att);           /* P5 "lost" is proved */
#endif
#ifdef CLEANLOST
      assert(hist[b[att].slot] != att);           /* P4 */
      b[att].del = 1;                             /* attempt-level file: its manifest list */
#endif
      goto discover }
conflict:
    atomic { assert((mask[x] & chg) != chg); goto failed }
failed:
    atomic { printf("   W%d reports FAILED\n", w);
      assert(res[w] != COMMITTED);                /* P5 */
      res[w] = FAILED;
      if :: att != 0 -> assert(hist[b[att].slot] != att); b[att].del = 1 :: else fi;
#ifdef CLEANCHANGE
      cdel = cdel | chg;                          /* files that belong to the change/value */
      assert((mask[hist[newest]] & chg) == 0);
#endif
      goto stop }
#if HINTTRUTH
hintresolve:
    atomic { if :: hint < b[att].slot -> goto failed :: else -> goto resolve fi }
#endif
unknown:
    atomic { printf("   W%d reports UNKNOWN\n", w); x = 0; n = 0; t0[w] = TCAP; rc = 0;
      if :: res[w] != COMMITTED -> res[w] = UNKNOWN :: else fi;
#ifdef CLEANUNKNOWN
      assert(hist[b[att].slot] != att); b[att].del = 1;
#endif
      if :: again < AGAIN -> again++; goto recommit :: goto stop fi }
recommit:
    atomic {
      if
#if RECOMMIT==0
      :: att != 0 -> goto resolve
      :: att == 0 -> goto discover
#else
      :: att = 0; goto discover
#endif
      fi }
acked:
    atomic { printf("   W%d reports COMMITTED\n", w); x = 0; n = 0; t0[w] = TCAP; rc = 0;
      assert((mask[hist[newest]] & chg) == chg);  /* P1 acknowledged => in history */
      res[w] = COMMITTED;
#if HINTTRUTH
      if :: b[att].slot > hint -> hint = b[att].slot :: else fi;
#endif
      if :: again < AGAIN -> again++; goto recommit :: goto stop fi }
resolved: skip;
stop:   atomic { att = 0; base = 0; bx = 0; n = 0; x = 0; k = 0; again = 0; amb = 0; rc = 0; conflictable = 0; t0[w] = TCAP }
}

#ifdef READER
proctype Reader() {      /* starts from a stale hint (v1), must end at a version not older than the newest at its start */
    byte base = 1, n0, tries;
    do
    :: tries < 2 ->
      atomic { n0 = newest; tries++ };
#if DISC==0
      atomic { base = newest }
#elif DISC==1
      do :: atomic { slot[base+1] != 0 -> base++ } :: atomic { slot[base+1] == 0 -> break } od
#elif DISC==2
      do :: atomic { slot[base+1] != 0 -> base++ } :: atomic { slot[base+1] == 0 -> break } od;
      atomic { if :: slot[base] != 0 :: else -> base = newest fi }
#else
      atomic { if :: slot[base] != 0 :: else -> base = newest fi };
      do :: atomic { slot[base+1] != 0 -> base++ } :: atomic { slot[base+1] == 0 -> break } od
#endif
      atomic { assert(base >= n0); n0 = 0 }
    :: tries == 2 -> break
    od
}
#endif

init { atomic {
    slot[1] = BG(1); hist[1] = BG(1);
    run Writer(0, CHG0);
#if NW>1
    run Writer(1, CHG1);
#endif
#if NW>2
    run Writer(2, CHG2);
#endif
    run Net(); run Clock();
#ifndef NOGC
    run Gc();
#endif
#if FILL>0
    run Others();
#endif
#ifdef READER
    run Reader();
#endif
} }
