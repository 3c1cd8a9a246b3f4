/* hint.pml - version-hint.text and garbage collection, for readers that believe the hint verbatim (DuckDB, PyIceberg).
 * HINTPUT 0: GET hint, PUT If-Match only forward; 1: unconditional PUT of own version
 * GCHINT  1: GC deletes only versions below the hint it has read; 0: below newest-K only
 */
#ifndef HINTPUT
#define HINTPUT 0
#endif
#ifndef GCHINT
#define GCHINT 1
#endif
#define NV 7
byte newest = 1, floor = 1, hint = 1;
byte maxhint = 1;
inline sethint(v) { assert(v >= hint); hint = v; printf("   hint moves to v%d\n", v) }          /* never backwards */
proctype Writer() {
    byte v, h; byte i;
    do
    :: i < 2 -> i++;
       atomic { newest < NV -> newest++; v = newest; printf("   a writer commits v%d\n", v) }
#if HINTPUT==1
       if :: atomic { hint = v; printf("   hint is set to v%d\n", v) } :: true fi                  /* may be delayed, may be dropped */
#else
       h = hint;
       if :: atomic { h < v && hint == h -> sethint(v) } :: true fi;   /* If-Match etag(h) */
#endif
       v = 0; h = 0
    :: i == 2 -> break
    od }
proctype Gc() {
    byte h;
    do
    :: h = hint;
#if GCHINT==1
       do :: atomic { floor < h && floor < newest -> printf("   GC deletes v%d\n", floor); floor++ } :: break od;
#else
       do :: atomic { floor < newest -> printf("   GC deletes v%d\n", floor); floor++ } :: break od;
#endif
       h = 0
    od }
proctype Reader() { do :: atomic { assert(hint >= floor); skip } od }       /* v<hint> must exist */
init { atomic { run Writer(); run Writer(); run Writer(); run Gc(); run Reader() } }
