"""Directory files: what is written is read back the same, every mistake is named at its row, and all or nothing."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no types of its own

from commonground.core.acts import PostRef
from commonground.people.administering import Charge, NotInCharge
from commonground.people.models import Agency, DirectoryChange, Holding, Membership, Person, Post
from commonground.people.staffing import staffing_of
from commonground.usecases import clock
from commonground.usecases.directory_files.columns import COLUMNS, LONGEST, MOST_BYTES, MOST_ROWS, FileMistake, Row
from commonground.usecases.directory_files.planning import Mistaken, Plan, What, plan_of
from commonground.usecases.directory_files.reading import as_table, from_table, read_file
from commonground.usecases.directory_files.taking_in import MovedPast, take_in
from commonground.usecases.directory_files.writing import Kind, write_file
from commonground.usecases.staff.administrators import Ward
from tests.partnership import Small, small

AREA = Ward(partnership="riverside")
SCHOOL = Ward(agency="riverside-school")
OFFICE = Charge("keeper", partnership="riverside")
HEAD = Charge("keeper", agency="riverside-school")

db = pytest.mark.django_db(transaction=True)


@pytest.fixture
def riverside(transactional_db: None) -> Small:
    return small()


def file_of(*rows: dict[str, str], headings: Iterable[str] = COLUMNS, delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(headings), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def joiner(**more: str) -> dict[str, str]:
    return {"agency key": "riverside-school", "post": "practitioner", "full name": "Robin Invented"} | {
        name.replace("_", " "): value for name, value in more.items()
    }


def read(content: bytes) -> tuple[Row, ...]:
    found = read_file(content)
    assert found.mistakes == ()
    return found.rows


def mistakes(content: bytes, charge: Charge = OFFICE, ward: Ward = AREA) -> tuple[FileMistake, ...]:
    found = read_file(content)
    if found.mistakes:
        return found.mistakes
    plan = plan_of(charge, ward, found.rows, clock.today())
    assert isinstance(plan, Mistaken)
    return plan.mistakes


def planned(content: bytes, *, whole: bool = False, charge: Charge = OFFICE, ward: Ward = AREA) -> Plan:
    plan = plan_of(charge, ward, read(content), clock.today(), whole=whole)
    assert isinstance(plan, Plan), plan
    return plan


def taken_in(content: bytes, *, whole: bool = False, charge: Charge = OFFICE, ward: Ward = AREA) -> Plan:
    directory = planned(content, whole=whole, charge=charge, ward=ward).directory
    return take_in(charge, ward, read(content), clock.now(), clock.today(), directory=directory, whole=whole)


def excel(*rows: Iterable[object], merge: bool = False, sheets: int = 1) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for number in range(sheets):
            sheet = book.add_worksheet(f"Sheet {number}")
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str) and cell.startswith("{="):
                        sheet.write_formula(place, column, cell.strip("{}"), None, 7)
                    else:
                        sheet.write(place, column, cell)
            if merge:
                sheet.merge_range(0, 1, 0, 2, "agency name")
    return out.getvalue()


# --- Out and in again -------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_is_read_back_and_changes_nothing(riverside: Small, kind: Kind) -> None:
    Person.objects.filter(key__startswith="riverside-health").update(telephone="+44 1632 960111", email="")
    Holding.objects.filter(post__agency_id="riverside-police").update(to_on=clock.today() + timedelta(days=9))
    charity = Agency.objects.create(key="riverside-charity", name="Ärzte, “Söhne” & Töchter", kind="voluntary")
    Membership.objects.create(partnership_id="riverside", agency=charity)
    plan = planned(write_file(OFFICE, AREA, kind, clock.today()), whole=True)
    assert plan.lines == ()
    assert plan.untouched == Holding.objects.count() + 1


@db
def test_a_file_of_one_agency_has_nobody_else_in_it(riverside: Small) -> None:
    rows = read(write_file(HEAD, SCHOOL, "csv", clock.today()))
    assert {row["agency key"] for row in rows} == {"riverside-school"}
    with pytest.raises(NotInCharge):
        write_file(HEAD, Ward(agency="riverside-health"), "csv", clock.today())
    with pytest.raises(NotInCharge):
        write_file(HEAD, AREA, "csv", clock.today())


@db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("hostile", ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/C calc'!A0"])
def test_no_cell_that_goes_out_is_a_formula(riverside: Small, kind: Kind, hostile: str) -> None:
    Agency.objects.filter(key="riverside-school").update(name=hostile)
    content = write_file(HEAD, SCHOOL, kind, clock.today())
    if kind == "csv":
        cells = [cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    else:
        sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet


def test_rows_are_kept_and_given_back_the_same() -> None:
    rows = read(file_of(joiner(to="2026-03-27"), joiner(full_name="Sam Invented")))
    assert from_table(as_table(rows)) == rows


# --- What a file does -------------------------------------------------------------------------------------------------


@db
def test_a_joiner_a_deputy_a_change_and_a_new_agency_are_planned_and_done(riverside: Small) -> None:
    content = file_of(
        joiner(**{"e-mail": "robin@school.example", "deputy order": "1", "to": "27/3/2099"}),
        joiner(full_name="Sam Invented", post="pastoral", function="first-line manager", local_title="Head of year"),
        {"agency key": "riverside-school", "agency telephone": "+44 1632 960777"},
        {"agency key": "nursery", "agency name": "Oak Lane Nursery", "kind": "early-years", "on service": "no"},
    )
    before = Person.objects.count()
    plan = planned(content)
    assert (plan.count(What.JOINS), plan.count(What.LEAVES), plan.count(What.CHANGES)) == (2, 0, 3)
    assert Person.objects.count() == before

    taken_in(content)
    robin = Holding.objects.get(person__full_name="Robin Invented")
    assert (robin.deputy, robin.from_on, robin.to_on) == (1, clock.today(), date(2099, 3, 27))
    assert robin.person.email == "robin@school.example"
    assert Post.objects.get(agency_id="riverside-school", post="pastoral").title == "Head of year"
    assert Agency.objects.get(key="riverside-school").telephone == "+44 1632 960777"
    assert not Agency.objects.get(key="nursery", memberships__partnership_id="riverside").on_service
    deputies = staffing_of("riverside", clock.today()).deputies(PostRef("riverside-school", "practitioner"))
    assert deputies == (robin.person_id,)
    done = DirectoryChange.objects.get(what="directory file taken in")
    assert done.about == {"joins": 2, "leaves": 0, "changes": 3, "untouched": 0}
    assert DirectoryChange.objects.filter(what="took a post").count() == 2
    assert "Invented" not in str(list(DirectoryChange.objects.values_list("about")))
    assert planned(content).lines == ()  # once in, it changes nothing


@db
def test_nobody_leaves_unless_the_file_is_the_whole_directory(riverside: Small) -> None:
    rows = [row for row in read(write_file(HEAD, SCHOOL, "csv", clock.today())) if row["post"] != "first-line"]
    content = file_of(*(dict(row.cells) for row in rows))
    assert planned(content).lines == ()
    plan = planned(content, whole=True, charge=HEAD, ward=SCHOOL)
    assert [(line.what, line.row) for line in plan.lines] == [(What.LEAVES, 0)]
    taken_in(content, whole=True, charge=HEAD, ward=SCHOOL)
    gone = Holding.objects.get(post__agency_id="riverside-school", post__post="first-line")
    assert gone.to_on == clock.today() - timedelta(days=1)
    assert Holding.objects.exclude(pk=gone.pk).filter(to_on__isnull=False).count() == 0


@db
def test_the_same_person_in_two_posts_is_one_person(riverside: Small) -> None:
    mail = {"e-mail": "robin@school.example"}
    taken_in(file_of(joiner(**mail), joiner(post="first-line", deputy_order="1", **mail)))
    assert Person.objects.filter(full_name="Robin Invented").count() == 1
    assert Holding.objects.filter(person__full_name="Robin Invented").count() == 2


@db
def test_a_preview_that_the_directory_moved_past_is_not_taken_in(riverside: Small) -> None:
    content = file_of(joiner())
    directory = planned(content).directory
    Post.objects.create(agency_id="riverside-health", post="another")  # somebody else's change
    with pytest.raises(MovedPast):
        take_in(OFFICE, AREA, read(content), clock.now(), clock.today(), directory=directory)
    assert not Person.objects.filter(full_name="Robin Invented").exists()


@db
def test_a_file_is_taken_in_whole_or_not_at_all(riverside: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    content = file_of(joiner(), joiner(full_name="Sam Invented", post="pastoral"))
    directory = planned(content).directory

    def breaks(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("commonground.usecases.directory_files.taking_in._changed_seats", breaks)
    with pytest.raises(RuntimeError):
        take_in(OFFICE, AREA, read(content), clock.now(), clock.today(), directory=directory)
    assert not Person.objects.filter(full_name__endswith="Invented").exists()
    assert not Post.objects.filter(post="pastoral").exists()
    assert not DirectoryChange.objects.exists()


# --- What a file can't say --------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(
    ("rows", "row", "column", "write"),
    [
        ([joiner(agency_key="no such key!")], 2, "agency key", "Write the agency’s key"),
        ([joiner(agency_key="")], 2, "agency key", "Write the agency’s key"),
        ([joiner(agency_key="hilltop-school")], 2, "agency key", "This key can’t be used here"),
        ([joiner(agency_key="new-one")], 2, "agency name", "is new here. Say its name"),
        ([joiner(agency_key="new-one", agency_name="N")], 2, "kind", "is new here. Say its kind"),
        ([joiner(agency_key="o", agency_name="N", kind="partnership")], 2, "kind", "one office"),
        ([joiner(kind="partnership")], 2, "kind", "can’t be changed here"),
        ([joiner(on_service="perhaps")], 2, "on service", "Write yes or no"),
        ([joiner(agency_telephone="call")], 2, "agency telephone", "Write a telephone number"),
        (
            [joiner(agency_telephone="1"), joiner(agency_telephone="2", post="senior")],
            3,
            "agency telephone",
            "Row 2 says",
        ),
        ([joiner(post="no such!")], 2, "post", "Write the post’s key"),
        ([joiner(post="")], 2, "post", "Say which post this is"),
        ([joiner(function="king")], 2, "function", "Write one of these"),
        ([joiner(full_name="", **{"e-mail": "a@b.example"})], 2, "full name", "Say who this is"),
        ([joiner(person_key="nobody")], 2, "person key", "There is no person with this key here"),
        ([joiner(person_key="hilltop-school-practitioner")], 2, "person key", "There is no person with this key here"),
        ([joiner(**{"e-mail": "nobody"})], 2, "e-mail", "Write an e-mail address"),
        ([joiner(**{"e-mail": "pat@hilltop.example"})], 2, "e-mail", "Somebody with another name has this address"),
        (
            [
                joiner(**{"e-mail": "r@s.example"}),
                joiner(full_name="Sam Invented", post="senior", **{"e-mail": "R@s.example"}),
            ],
            3,
            "e-mail",
            "Row 2 has this address for Robin Invented",
        ),
        ([joiner(), joiner()], 3, "full name", "Row 2 has the same person in the same post"),
        ([joiner(deputy_order="first")], 2, "deputy order", "Write 0 for whoever holds the post"),
        ([joiner(**{"from": "2026-02-31"})], 2, "from", "Write a real date"),
        ([joiner(**{"from": "2026-04-02", "to": "2026-04-01"})], 2, "to", "The last day must not be before"),
        ([joiner(full_name="=1+1")], 2, "full name", "taken for a formula"),
        ([joiner(full_name="@Robin")], 2, "full name", "taken for a formula"),
        ([joiner(full_name="-Robin")], 2, "full name", "taken for a formula"),
        ([joiner(full_name="+Robin")], 2, "full name", "taken for a formula"),
        ([joiner(full_name="\tRobin")], 2, "full name", "taken for a formula"),
        ([joiner(full_name="\rRobin")], 2, "full name", "taken for a formula"),
        ([joiner(full_name="'=Robin")], 2, "full name", "taken for a formula"),
        ([joiner(telephone="+44=1")], 2, "telephone", "taken for a formula"),
        ([joiner(full_name="Robin\x07")], 2, "full name", "can’t be shown"),
        ([joiner(full_name="R" * (LONGEST + 1))], 2, "full name", f"Use {LONGEST} characters or fewer"),
    ],
)
def test_every_mistake_is_named_at_its_row_and_column(
    riverside: Small, rows: list[dict[str, str]], row: int, column: str, write: str
) -> None:
    small("hilltop")
    Person.objects.filter(key="hilltop-school-practitioner").update(email="pat@hilltop.example")
    found = mistakes(file_of(*rows))
    assert [(one.row, one.column) for one in found if write in one.write] == [(row, column)], found


@db
def test_all_mistakes_are_told_at_once_and_nothing_is_written(riverside: Small) -> None:
    found = mistakes(file_of(joiner(post="no such!"), joiner(**{"e-mail": "x"}), joiner(person_key="nobody")))
    assert [one.row for one in found] == [2, 3, 4]


@db
def test_an_agencys_administrator_takes_in_their_own_agency_only(riverside: Small) -> None:
    for other in ("riverside-health", "no-such-agency"):
        found = mistakes(file_of(joiner(agency_key=other)), HEAD, SCHOOL)
        assert [one.write for one in found] == ["You do not look after an agency with this key"]
    assert planned(file_of(joiner()), charge=HEAD, ward=SCHOOL).count(What.JOINS) == 1


@db
def test_who_has_posts_elsewhere_keeps_their_address(riverside: Small) -> None:
    small("hilltop")
    seat = Post.objects.filter(agency_id="hilltop-school").first()
    assert seat is not None
    Holding.objects.create(post=seat, person_id="riverside-school-practitioner", from_on=date(2020, 1, 1))
    theirs = joiner(person_key="riverside-school-practitioner", full_name="", **{"e-mail": "mine@evil.example"})
    assert ["They have posts elsewhere" in one.write for one in mistakes(file_of(theirs))] == [True]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"   \n ", "The file is empty"),
        (b"x" * (MOST_BYTES + 1), "The file has 2.0 MB. A file can have at most 2 MB and 20,000 rows."),
        (file_of(joiner()).decode().encode("utf-16"), "UTF-16"),
        (file_of(joiner()).decode().encode("utf-16-le"), "UTF-16"),
        (file_of(joiner(full_name="Zoë")).decode().encode("latin-1"), "not in UTF-8: row 2"),
        (b'agency key,post,full name\n"no end', "no sound CSV"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel file"),
        (b"PK\x03\x04 broken", "could not be read as Excel"),
        (excel(COLUMNS, sheets=2), "The file has 2 sheets"),
        (file_of(*[joiner()] * (MOST_ROWS + 1), headings=list(joiner())), f"more than {MOST_ROWS:,} rows"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "file",
)
def test_a_file_that_cant_be_read_is_one_clear_sentence(content: bytes, says: str) -> None:
    found = read_file(content)
    assert found.rows == ()
    assert len(found.mistakes) == 1
    assert says in found.mistakes[0].write, found.mistakes[0].write


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (["agency key", "post", "full name", "salary"], [("D", "salary")]),
        (["agency key", "post", "post", "full name"], [("post", "this heading twice")]),
        (["agency key", "post"], [("full name", "no such column")]),
        (["post", "full name"], [("agency key", "no such column")]),
    ],
)
def test_headings_are_mended_before_anything_else(headings: list[str], says: list[tuple[str, str]]) -> None:
    content = (",".join(headings) + "\n" + ",".join("x" for _ in headings) + "\n").encode()
    assert [(one.column, one.found) for one in read_file(content).mistakes] == says


def test_excel_says_where_its_formulas_and_merged_cells_are() -> None:
    found = read_file(excel(COLUMNS, ["riverside-school", "", "", "", "", "", "{=1+1}"]))
    assert [(one.row, one.column, one.found) for one in found.mistakes] == [(2, "G", "a formula")]
    found = read_file(excel(["agency key", "agency name", "", "post", "full name"], merge=True))
    assert (1, "B", "merged cells") in [(one.row, one.column, one.found) for one in found.mistakes]


def test_excel_numbers_and_dates_are_read_as_people_mean_them() -> None:
    row = ["riverside-school", "", "", True, "", "", "practitioner", "", "", "", "Robin", "", "01632 960100", 1]
    rows = read(excel(COLUMNS, [*row, date(2026, 4, 1)]))
    assert (rows[0]["deputy order"], rows[0]["on service"], rows[0]["telephone"]) == ("1", "yes", "01632 960100")
    found = read_file(excel(COLUMNS, ["riverside-school", "", "", "", 1632960100]))
    assert [(one.row, one.column) for one in found.mistakes] == [(2, "agency telephone")]


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    out = io.BytesIO(excel(COLUMNS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/more.xml", b"\0" * (45 * 1024 * 1024))
    assert "holds more than can be read" in read_file(out.getvalue()).mistakes[0].write


@pytest.mark.parametrize("place", ["XFD1", "A1048576", "XFD1048576"])
def test_a_cell_far_out_does_not_fill_the_memory(place: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(excel(COLUMNS))) as packed, zipfile.ZipFile(out, "w") as again:
        for name in packed.namelist():
            content = packed.read(name)
            if name == "xl/worksheets/sheet1.xml":
                far = f'<row><c r="{place}"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", far.encode())
            again.writestr(name, content)
    assert "far down or far right" in read_file(out.getvalue()).mistakes[0].write


def test_semicolons_and_tabs_are_read_as_well() -> None:
    for delimiter in (";", "\t"):
        assert read(file_of(joiner(), delimiter=delimiter))[0]["full name"] == "Robin Invented"


def test_bytes_of_any_kind_never_break_the_reader() -> None:
    for seed in range(200):
        noise = struct.pack("<40Q", *((seed * 6364136223846793005 + place) % 2**64 for place in range(40)))
        for content in (noise, b"PK\x03\x04" + noise, file_of(joiner())[: seed * 2] + noise):
            assert read_file(content).mistakes
