"""Profiles: shares of functions in folded stacks and in tables."""

from domain.evidence.profiles import analyser as profiles
from tests import told
from tests.evidence import read_by


def test_folded_stacks_give_the_share_of_their_leaves() -> None:
    parsed = read_by(
        profiles.analyse,
        """
    main;run;fire 400
    main;run;cool 140
    main;gc.mark 150
    not a stack
    main;mallocgc 149
    main;idle 141
    main;rest 20
    """,
    )
    assert told.findings(parsed) == [
        "3 resource - @1: fire takes 40.0 % | function=fire used:40 limit:100 resource=profile share",
        "2 resource - @3: gc.mark takes 15.0 % | function=gc.mark used:15 limit:100 resource=profile share",
        "2 resource - @3,5: garbage collection takes 29.9 % in 2 functions | used:29.9 limit:100 resource=garbage collection",
        "1 resource - @2: cool takes 14.0 % | function=cool used:14 limit:100 resource=profile share",
        "1 resource - @5: mallocgc takes 14.9 % | function=mallocgc used:14.9 limit:100 resource=profile share",
        "1 resource - @6: idle takes 14.1 % | function=idle used:14.1 limit:100 resource=profile share",
    ]
    assert (
        parsed.summary == "profile: fire 40 %, gc.mark 15 %, mallocgc 15 %; own code 85 %, garbage collection 30 %, idling 14 %"
    )
    assert parsed.share_parsed == 1.0


def test_tables_of_shares_are_read_by_their_first_percentage() -> None:
    parsed = read_by(
        profiles.analyse,
        """
    Showing nodes accounting for 9s, 90% of 10s total
    Total: 100% x
          flat  flat%   sum%        cum   cum%
        11.40s 39.9% 66.51%     12.02s 67.95%  kiln.Fire
         2.00s 15.0% 80.00%      2.00s 15.00%  runtime.scanobject
         1.00s  3.2% 99.00%      1.00s  3.20%  main.idle
         9.00s 250%  99.00%      1.00s  3.20%  main.twice
         7.00s 12 % nothing-but 5x
         0.10s 1% 2%
    --- 4000000 ns, 22.5%, 40 samples
      [ 0] java.util.Arrays.copy
    --- 10 %
    """,
    )
    assert told.findings(parsed) == [
        "3 resource - @7: main.twice takes 100.0 % | function=main.twice used:100 limit:100 resource=profile share",
        "2 resource - @5: runtime.scanobject takes 15.0 % | function=runtime.scanobject used:15 limit:100 resource=profile share",
        "1 resource - @4: kiln.Fire takes 39.9 % | function=kiln.Fire used:39.9 limit:100 resource=profile share",
        "1 resource - @6: main.idle takes 3.2 % | function=main.idle used:3.2 limit:100 resource=profile share",
    ]
    assert (
        parsed.summary
        == "profile: main.twice 100 %, kiln.Fire 40 %, runtime.scanobject 15 %; own code 91 %, garbage collection 15 %, idling 3 %"
    )
    assert parsed.share_parsed == 1.0
