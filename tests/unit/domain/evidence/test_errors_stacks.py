"""Stacks of every runtime: heads, frames, causes and where the next one begins."""

from textwrap import dedent

from domain.evidence.errors import analyser as errors
from domain.evidence.errors import stacks as apart
from tests import told
from tests.evidence import read_by


def stacks(text: str) -> list[str]:
    """`language name: message @line | frame@line … | caused by …` of every stack."""
    return [
        " | ".join([
            f"{one.language or '-'} {one.name}: {one.message} @{one.line}",
            *(f"{line}: {function} at {place}" for line, function, place in one.frames),
            *(f"cause {line}: {name}: {message}" for line, name, message in one.causes),
        ])
        for one in apart.stacks(tuple(dedent(text).strip("\n").split("\n")))
    ]


def test_frames_of_every_runtime_are_read() -> None:
    text = """
    System.InvalidOperationException: no gas
       at Kiln.Oven.Fire(Int32 heat) in /srv/Oven.cs:line 12
    com.kiln.FireException: cannot fire
    \tat com.kiln.Oven.fire(Oven.java:31)
    TypeError: heat is undefined
        at fire (/srv/oven.js:10:15)
        at async /srv/web.js:7:1
        at /srv/start.js:3:9
    oven.rb:9:in `fire': no gas (GasError)
    \tfrom oven.rb:3:in `start'
    panic: no gas
    goroutine 1 [running]:
    main.fire(0x1)
    \t/srv/oven.go:14 +0x1d
    main.start()
    thread 'main' panicked at 'no gas', src/oven.rs:4:5
       1: kiln::oven::fire
    PHP Fatal error:  Uncaught RuntimeException: no gas
    #0 /srv/oven.php(12): fire(1)
    Program terminated with signal SIGSEGV, Segmentation fault.
    #0  0x0000 in heat (oven=0x0) at oven.c:41
    [ 12.5] BUG: unable to handle page fault
    kiln[7]: segfault at 10 ip 0
    fatal error: all goroutines are asleep
    """
    assert stacks(text) == [
        "- System.InvalidOperationException: no gas @1 | 2: Kiln.Oven.Fire(Int32 heat) at /srv/Oven.cs:line 12",
        "- com.kiln.FireException: cannot fire @3 | 4: com.kiln.Oven.fire at Oven.java:31",
        "- TypeError: heat is undefined @5 | 6: fire at /srv/oven.js:10:15 | 7:  at /srv/web.js:7:1 | 8:  at /srv/start.js:3:9",
        "ruby GasError: no gas @9 | 9: fire at oven.rb:9 | 10: start at oven.rb:3",
        "go panic: no gas @11 | 13: main.fire at /srv/oven.go:14",
        "rust panic: 'no gas', src/oven.rs:4:5 @16 | 17: kiln::oven::fire at ",
        "- RuntimeException: no gas @18 | 19: fire(1) at /srv/oven.php(12)",
        "native SIGSEGV: Program terminated with signal SIGSEGV, Segmentation fault. @20 | 21: heat at oven.c:41",
        "kernel kernel: [ 12.5] BUG: unable to handle page fault @22",
    ]


def test_causes_join_and_suppressed_ones_do_not_begin_a_stack() -> None:
    text = """
    Exception in thread "main" com.kiln.FireException: cannot fire
    \tat com.kiln.Oven.fire(Oven.java:31)
    \tSuppressed: java.io.IOException: while closing
    Caused by: java.io.IOException: gas is off
    \tat com.kiln.Gas.open(Gas.java:9)
    Caused by: java.net.TimeoutException
     ---> System.Exception: inner
    com.kiln.OtherException: next
    java.lang.Error: not new, for no frame stands between
    \tat com.kiln.Other.run(Other.java:1)
    org.x.LastException
    """
    assert stacks(text) == [
        "- com.kiln.FireException: cannot fire @1 | 2: com.kiln.Oven.fire at Oven.java:31 | 5: com.kiln.Gas.open at Gas.java:9 | cause 4: java.io.IOException: gas is off | cause 6: java.net.TimeoutException:  | cause 7: System.Exception: inner",
        "- com.kiln.OtherException: next @8 | 10: com.kiln.Other.run at Other.java:1",
        "- org.x.LastException:  @11",
    ]


def test_a_traceback_ends_with_any_name_and_joins_the_one_it_caused() -> None:
    text = """
    Traceback (most recent call last):
      File "/srv/a.py", line 1, in one
        raise Gone("x")
    Gone: x

    The above exception was the direct cause of the following exception:

    Traceback (most recent call last):
      File "/srv/b.py", line 2, in two
    Shut
    Traceback (most recent call last):
      File "/srv/c.py", line 3
    KeyError: 'k'
    ValueError: alone
    Traceback (most recent call last):
      File "/srv/d.py", line 4, in four
        cut
    """
    assert stacks(text) == [
        "python Shut:  @10 | 2: one at /srv/a.py:1 | cause 4: Gone: x",
        "python KeyError: 'k' @13 | 12:  at /srv/c.py:3",
        "- ValueError: alone @14",
    ]


def test_a_traceback_far_below_another_is_its_own() -> None:
    text = """
    Traceback (most recent call last):
      File "/srv/a.py", line 1, in one
    First: x
    During handling of the above exception, another exception occurred:
    -
    -
    -
    Traceback (most recent call last):
      File "/srv/b.py", line 2, in two
    Second: y
    """
    assert stacks(text) == [
        "python First: x @3 | 2: one at /srv/a.py:1",
        "python Second: y @10 | 9: two at /srv/b.py:2",
    ]


def test_text_without_an_exception_has_no_stack() -> None:
    text = """
    all is well
      at com.kiln.Oven.fire(Oven.java:31)
    Caused by: nothing
    """
    assert stacks(text) == []


def test_a_report_counts_equal_stacks_and_cites_cause_head_and_own_frame() -> None:
    parsed = read_by(
        errors.analyse,
        """
    com.kiln.FireException: cannot fire brick 1
    \tat java.base/java.lang.Thread.run(Thread.java:840)
    \tat com.kiln.Oven.fire(Oven.java:31)
    \tat com.kiln.Main.main(Main.java:3)
    Caused by: java.io.IOException: gas is off
    \tat java.io.File.open(File.java:9)
    com.kiln.FireException: cannot fire brick 2
    \tat java.base/java.lang.Thread.run(Thread.java:840)
    \tat com.kiln.Oven.fire(Oven.java:31)
    Caused by: java.io.IOException: gas is off
    com.kiln.FireException: cannot fire brick 3
    \tat com.kiln.Oven.cool(Oven.java:35)
    java.lang.OutOfMemoryError: heap
    \tat java.util.Arrays.copy(Arrays.java:1)
    \tat java.util.List.grow(List.java:2)
    Traceback (most recent call last):
      File "/srv/a.py", line 1, in outer
      File "/srv/b.py", line 2, in inner
      File "/usr/lib/python3/x.py", line 3, in library
    ValueError: wet
    GoneError: no frame
    """,
    )
    assert told.findings(parsed) == [
        "4 exception - @5,1,3: java.io.IOException: gas is off in com.kiln.Oven.fire at Oven.java:31 | message=gas is off exception=java.io.IOException outermost=com.kiln.FireException function=com.kiln.Oven.fire place=Oven.java:31 count:2",
        "4 exception - @11,12: com.kiln.FireException: cannot fire brick 3 in com.kiln.Oven.cool at Oven.java:35 | message=cannot fire brick 3 exception=com.kiln.FireException outermost=com.kiln.FireException function=com.kiln.Oven.cool place=Oven.java:35 count:1",
        "4 exception - @13,14: java.lang.OutOfMemoryError: heap in java.util.Arrays.copy at Arrays.java:1 | message=heap exception=java.lang.OutOfMemoryError outermost=java.lang.OutOfMemoryError function=java.util.Arrays.copy place=Arrays.java:1 count:1",
        "4 exception - @20,18: ValueError: wet in inner at /srv/b.py:2 | message=wet exception=ValueError outermost=ValueError language=python function=inner place=/srv/b.py:2 count:1",
        "4 exception - @21: GoneError: no frame | message=no frame exception=GoneError outermost=GoneError count:1",
    ]
    assert parsed.summary == "6 stack traces: com.kiln.FireException, java.lang.OutOfMemoryError, ValueError, GoneError"
    assert parsed.share_parsed == 1.0


def test_two_hundred_kinds_of_stacks_are_told() -> None:
    text = "\n".join(f"com.kiln.X{number}Exception: x\n\tat com.kiln.Oven.fire(Oven.java:31)" for number in range(201))
    assert len(read_by(errors.analyse, text).findings) == 200
    assert read_by(errors.analyse, "all is well").share_parsed == 0.0
