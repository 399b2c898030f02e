"""Settings in lines: sections, blocks and doubles with their lines."""

from domain.evidence.structure import curly, directives, flat
from tests import told
from tests.evidence import a_text


def test_sections_and_pairs_keep_their_lines() -> None:
    text = """
    top = 1
    # note
    ; note
    ! note
    [ "main" ] # why
    port = 80 # why
    host: x ; why
    port = 81
    quote = 'a # b'
    half = "x
    one = "
    export PATH="/a b"
    timeout = 1
    timeout = 2
    no pair
    [[tool.x]]
    [db]
    port = 1
    """
    assert told.tree(flat.ini(a_text(text).lines)) == [
        "map @1",
        " top @1 = '1'",
        " main @5",
        "  port @6 = '80'",
        "  host @7 = 'x'",
        "  port @8 = '81'",
        "  quote @9 = 'a # b'",
        "  half @10 = '\"x'",
        "  one @11 = '\"'",
        "  PATH @12 = '/a b'",
        "  timeout @13 = '1'",
        "  timeout @14 = '2'",
        " tool.x @16",
        " db @17",
        "  port @18 = '1'",
        "twice port @8",
        "twice timeout @14",
    ]


def test_curly_blocks_nest_and_close() -> None:
    text = """
    # note
    events {
      worker 1;
    }
    }
    server {
      listen 80;
      listen 81;
      root /a; # why
      root /b;
      location /api {
        proxy_pass http://up;
        nested = {
          x: 1
        }
      }
      cut {
        y 2;
    """
    assert told.tree(curly.read(a_text(text).lines)) == [
        "map @1",
        " events @2",
        "  worker @3 = '1'",
        " server @6",
        "  listen @7 = '80'",
        "  listen @8 = '81'",
        "  root @9 = '/a'",
        "  root @10 = '/b'",
        "  location /api @11",
        "   proxy_pass @12 = 'http://up'",
        "   nested @13",
        "    x @14 = '1'",
        "  cut @17",
        "   y @18 = '2'",
        "twice root @10",
    ]


def test_bare_sections_hold_indented_directives() -> None:
    text = """
      lost 1
    global
      maxconn 10
      flag
      maxconn 11
      bind a
      bind b

    backend api x
      mode http
    ???
    """
    assert told.tree(directives.indented(a_text(text).lines)) == [
        "map @1",
        " lost @1 = '1'",
        " global @2",
        "  maxconn @3 = '10'",
        "  flag @4 = ''",
        "  maxconn @5 = '11'",
        "  bind @6 = 'a'",
        "  bind @7 = 'b'",
        " backend api x @9",
        "  mode @10 = 'http'",
        "twice maxconn @5",
    ]
