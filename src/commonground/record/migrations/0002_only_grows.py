"""Lets the database itself refuse to change history, on SQLite and on PostgreSQL alike.

SQLite's INSERT OR REPLACE removes the rows in its way without asking the DELETE triggers, so the INSERT triggers look
for such rows themselves.
"""

# ruff: noqa: S608 - built of this file's own sentences

from typing import Any

from django.db import migrations

ACT_DOES_NOT_FOLLOW = "an act follows the last one of its disagreement: next number, and the digest before it"
ACT_ALREADY_THERE = "this act is already there"
ACTS_NEVER_CHANGE = "acts are never changed or removed"
WORDS_ALREADY_THERE = "these words are already there"
WORDS_NEVER_CHANGE = "words are never changed or removed, but for erasing text and key together, once"
CHECKPOINTS_NEVER_CHANGE = "checkpoints are never changed or removed"

SQLITE = (
    f"""CREATE TRIGGER acts_follow BEFORE INSERT ON acts BEGIN
        SELECT RAISE(ABORT, '{ACT_ALREADY_THERE}') WHERE EXISTS (
            SELECT 1 FROM acts WHERE id = NEW.id OR (disagreement = NEW.disagreement AND command = NEW.command));
        SELECT RAISE(ABORT, '{ACT_DOES_NOT_FOLLOW}') WHERE NEW.sequence IS NOT (
            SELECT coalesce(max(sequence), 0) + 1 FROM acts WHERE disagreement = NEW.disagreement);
        SELECT RAISE(ABORT, '{ACT_DOES_NOT_FOLLOW}') WHERE NEW.sequence > 1 AND NEW.previous IS NOT (
            SELECT digest FROM acts WHERE disagreement = NEW.disagreement AND sequence = NEW.sequence - 1);
    END""",
    f"CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, '{ACTS_NEVER_CHANGE}'); END",
    f"CREATE TRIGGER acts_remain BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, '{ACTS_NEVER_CHANGE}'); END",
    f"""CREATE TRIGGER words_are_new BEFORE INSERT ON words BEGIN
        SELECT RAISE(ABORT, '{WORDS_ALREADY_THERE}') WHERE EXISTS (
            SELECT 1 FROM words WHERE id = NEW.id
            OR (disagreement = NEW.disagreement AND sequence = NEW.sequence AND digest = NEW.digest));
    END""",
    f"""CREATE TRIGGER words_stay BEFORE UPDATE ON words BEGIN
        SELECT RAISE(ABORT, '{WORDS_NEVER_CHANGE}') WHERE NOT (
            OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.text IS NULL AND NEW.key IS NULL
            AND NEW.id IS OLD.id AND NEW.disagreement IS OLD.disagreement AND NEW.sequence IS OLD.sequence
            AND NEW.field IS OLD.field AND NEW.digest IS OLD.digest AND NEW.audience IS OLD.audience
            AND NEW.controller IS OLD.controller);
    END""",
    f"CREATE TRIGGER words_remain BEFORE DELETE ON words BEGIN SELECT RAISE(ABORT, '{WORDS_NEVER_CHANGE}'); END",
    f"""CREATE TRIGGER checkpoints_are_new BEFORE INSERT ON checkpoints BEGIN
        SELECT RAISE(ABORT, '{CHECKPOINTS_NEVER_CHANGE}') WHERE EXISTS (
            SELECT 1 FROM checkpoints WHERE id = NEW.id OR made_at = NEW.made_at);
    END""",
    f"""CREATE TRIGGER checkpoints_stay BEFORE UPDATE ON checkpoints
        BEGIN SELECT RAISE(ABORT, '{CHECKPOINTS_NEVER_CHANGE}'); END""",
    f"""CREATE TRIGGER checkpoints_remain BEFORE DELETE ON checkpoints
        BEGIN SELECT RAISE(ABORT, '{CHECKPOINTS_NEVER_CHANGE}'); END""",
)

# 23000 is what PostgreSQL calls a broken rule about the data, so the driver raises IntegrityError, as SQLite's does.
POSTGRESQL = (
    f"""CREATE FUNCTION acts_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.sequence IS DISTINCT FROM (
                SELECT coalesce(max(sequence), 0) + 1 FROM acts WHERE disagreement = NEW.disagreement)
            OR NEW.sequence > 1 AND NEW.previous IS DISTINCT FROM (
                SELECT digest FROM acts WHERE disagreement = NEW.disagreement AND sequence = NEW.sequence - 1) THEN
            RAISE EXCEPTION '{ACT_DOES_NOT_FOLLOW}' USING ERRCODE = '23000';
        END IF;
        RETURN NEW;
    END $$""",
    "CREATE TRIGGER acts_follow BEFORE INSERT ON acts FOR EACH ROW EXECUTE FUNCTION acts_follow()",
    """CREATE FUNCTION never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = '23000';
    END $$""",
    f"""CREATE TRIGGER acts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON acts
        FOR EACH STATEMENT EXECUTE FUNCTION never_changes('{ACTS_NEVER_CHANGE}')""",
    f"""CREATE FUNCTION words_only_go_together() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.text IS NULL AND NEW.key IS NULL
            AND (NEW.id, NEW.disagreement, NEW.sequence, NEW.field, NEW.digest, NEW.audience, NEW.controller)
                IS NOT DISTINCT FROM
                (OLD.id, OLD.disagreement, OLD.sequence, OLD.field, OLD.digest, OLD.audience, OLD.controller) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '{WORDS_NEVER_CHANGE}' USING ERRCODE = '23000';
    END $$""",
    "CREATE TRIGGER words_stay BEFORE UPDATE ON words FOR EACH ROW EXECUTE FUNCTION words_only_go_together()",
    f"""CREATE TRIGGER words_remain BEFORE DELETE OR TRUNCATE ON words
        FOR EACH STATEMENT EXECUTE FUNCTION never_changes('{WORDS_NEVER_CHANGE}')""",
    f"""CREATE TRIGGER checkpoints_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
        FOR EACH STATEMENT EXECUTE FUNCTION never_changes('{CHECKPOINTS_NEVER_CHANGE}')""",
)


def put_triggers(apps: Any, schema_editor: Any) -> None:
    """Create the triggers in this database's own words."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)  # None: a % in it is a %


class Migration(migrations.Migration):
    """There is no way back: a step that took the triggers away would be a way to change history."""

    dependencies = (("record", "0001_initial"),)
    operations = (migrations.RunPython(put_triggers),)
