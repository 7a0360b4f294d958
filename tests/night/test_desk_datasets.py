"""What the desk's dashboards ask, asked of the samples as headquarters and as a province."""

import pytest

from desk.boards import write

SETS = write.datasets()
# Figures of the country, of types and of provinces: the same whoever asks.
NATIONAL = ["national", "national_levels", "type_years", "province_years", "province_compare"]


@pytest.fixture(scope="module")
def readers(night):
    roles = {name: night.connect(name) for name in ("ita_analyst", "ita_province_56")}
    yield roles
    for connection in roles.values():
        connection.close()


@pytest.mark.parametrize("name", SETS)
def test_a_dataset_answers_with_the_columns_that_it_names(readers, name):
    for connection in readers.values():
        asked = connection.execute(f"select * from ({SETS[name]['sql']}) as asked limit 50")
        assert [column.name for column in asked.description] == SETS[name]["columns"]


@pytest.mark.parametrize("name", NATIONAL)
def test_national_figures_stay_national_in_a_province(readers, name):
    headquarters, province = (
        sorted(map(str, connection.execute(SETS[name]["sql"]).fetchall()))
        for connection in readers.values()
    )
    assert headquarters
    assert headquarters == province


def test_a_province_finds_itself_first(readers):
    asked = f"select province_th from ({SETS['provinces']['sql']}) as asked order by place limit 1"
    assert readers["ita_province_56"].execute(asked).fetchone() == ("พะเยา",)
    assert readers["ita_analyst"].execute(asked).fetchone() != ("พะเยา",)
