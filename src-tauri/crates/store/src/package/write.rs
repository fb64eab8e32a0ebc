//! Making a work package: a new database is filled, beside its final place, and gets its name when
//! it is whole. Nothing is taken out of a copy: what is not to leave was never in the file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteJournalMode;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};
use tiebreak_domain::{AnnotatorId, MediaId, MediaRef, PairId, Phase};
use uuid::Uuid;

use super::columns::{PARTS, SETTINGS};
use super::{PackedFile, TABLES};
use crate::annotators::{checked, insert};
use crate::dealing::deal_one;
use crate::error::{Result, StoreError};
use crate::media_files::MediaFile;
use crate::merge::read_only_uri;
use crate::project::{FILE, Project, file_options, write_log};
use crate::queue::{order_of, order_to_be};
use crate::{phases, schema};

/// Whom a package is for.
struct Whom {
    id: AnnotatorId,
    name: String,
    /// Set where he is not in the project yet.
    created_ms: Option<i64>,
    /// As which number he begins, or began.
    order: i64,
}

/// What dealing goes by, over the tables of the package that have those names: the project's order,
/// places and known answers, where the annotator has come to in them. When it is lifted his row goes
/// back into its table, without the place of his next check.
const OVERLAY: &str = "
    CREATE TEMP TABLE setting AS SELECT * FROM main.setting
      UNION ALL SELECT key, value FROM project.setting WHERE key = 'order';
    CREATE TEMP TABLE annotator AS SELECT * FROM main.annotator;
    UPDATE temp.annotator AS a SET check_due =
      (SELECT p.check_due FROM project.annotator AS p WHERE p.id = a.id);
    CREATE TEMP TABLE queue_cursor (annotator BLOB NOT NULL, part TEXT NOT NULL, at INTEGER NOT NULL,
      base INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (annotator, part));
    INSERT INTO temp.queue_cursor (annotator, part, at, base, size)
      SELECT annotator, part, at, base, size FROM project.queue_cursor
      WHERE annotator IN (SELECT id FROM temp.annotator);
    CREATE TEMP TABLE pair AS SELECT id, position, task FROM project.pair;
    CREATE UNIQUE INDEX temp.pair_by_id ON pair (id);
    CREATE UNIQUE INDEX temp.pair_by_position ON pair (position);
    CREATE INDEX temp.pair_by_task ON pair (task, position);
    CREATE TEMP TABLE pair_dealt AS SELECT * FROM project.pair_dealt;
    CREATE INDEX temp.pair_dealt_by_people ON pair_dealt (people, position);
    CREATE TEMP TABLE known_answer AS SELECT * FROM project.known_answer;
    CREATE INDEX temp.known_answer_by_question ON known_answer (question, at_ms, id);
    CREATE TEMP VIEW known AS SELECT k.* FROM temp.known_answer AS k
      WHERE k.id = (SELECT o.id FROM temp.known_answer AS o WHERE o.question = k.question
        ORDER BY o.at_ms DESC, o.id DESC LIMIT 1);";
const LIFTED: &str = "
    UPDATE main.annotator AS a SET dealt_order = t.dealt_order, dealt_position = t.dealt_position,
      dealt_pair = t.dealt_pair, dealt_ordinal = t.dealt_ordinal
      FROM temp.annotator AS t WHERE t.id = a.id;
    DROP VIEW temp.known; DROP TABLE temp.known_answer; DROP TABLE temp.queue_cursor;
    DROP TABLE temp.pair_dealt; DROP TABLE temp.pair; DROP TABLE temp.annotator; DROP TABLE temp.setting;";

/// A package under way. Dropped before [`PackageWriter::finish`], it leaves nothing.
pub struct PackageWriter {
    project: Project,
    whom: Whom,
    db: Option<SqliteConnection>,
    part: PathBuf,
    out: PathBuf,
    pairs: u64,
    questions: u64,
}

/// A package that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The file.
    pub file: PathBuf,
    /// Whom it is for.
    pub annotator: AnnotatorId,
    /// His name.
    pub name: String,
    /// The pairs in it.
    pub pairs: u64,
    /// The questions in it.
    pub questions: u64,
    /// The size of the file.
    pub bytes: u64,
}

impl Project {
    /// Begins a package for the annotator that `name` means; a new name becomes a new person when
    /// the package is finished. `app` names the program and its version.
    pub async fn pack(&self, name: &str, out: &Path, app: &str) -> Result<PackageWriter> {
        self.refuse_package()?;
        let out = std::path::absolute(out).map_err(StoreError::io(out))?;
        if fs::symlink_metadata(&out).is_ok() {
            return Err(StoreError::FileThere(out));
        }
        let whom = self.whom(name).await?;
        let part = beginning(&out)?;
        let mut writer = PackageWriter {
            project: self.clone(),
            whom,
            db: None,
            part,
            out,
            pairs: 0,
            questions: 0,
        };
        writer.fill(app).await?;
        Ok(writer)
    }

    async fn whom(&self, name: &str) -> Result<Whom> {
        let found = match self.find_annotator(name).await {
            Ok(found) if found.origin.is_none() || found.name != name.trim() => Some(found),
            Ok(_) => None,
            Err(StoreError::NoAnnotator(_)) if name.parse::<AnnotatorId>().is_err() => None,
            Err(error) => return Err(error),
        };
        let (id, name, created_ms) = match found {
            Some(found) => (found.id, found.name, None),
            None => {
                let (now, name) = (self.clock.now_ms(), checked(name)?.to_owned());
                (AnnotatorId::new(now, self.clock.random()), name, Some(now))
            }
        };
        let order = order_to_be(&mut *self.read.acquire().await?, id).await?;
        if let Some(overlap) = self.overlap
            && order >= i64::from(overlap.people())
        {
            return Err(StoreError::NoPlace(overlap.people()));
        }
        Ok(Whom {
            id,
            name,
            created_ms,
            order,
        })
    }
}

/// A file of our own beside the final place.
fn beginning(out: &Path) -> Result<PathBuf> {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let part = out.with_file_name(format!(".{name}.{}.part", std::process::id()));
    match fs::File::create_new(&part) {
        Ok(_) => Ok(part),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(StoreError::io(out.parent().unwrap_or(out))(error))
        }
        Err(error) => Err(StoreError::io(&part)(error)),
    }
}

impl PackageWriter {
    fn db(&mut self) -> Result<&mut SqliteConnection> {
        let closed = || StoreError::corrupt("the package under way is closed");
        self.db.as_mut().ok_or_else(closed)
    }

    async fn fill(&mut self, app: &str) -> Result<()> {
        // Nobody else sees the file before it has its name, and it is synced before it gets it.
        let options = file_options(&self.part)
            .foreign_keys(false)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(sqlx::sqlite::SqliteSynchronous::Off)
            .pragma("temp_store", "MEMORY");
        let mut db = options.connect().await?;
        schema::migrate(&mut db).await?;
        let mark = format!(
            "{TABLES} PRAGMA foreign_keys = OFF; PRAGMA application_id = {};",
            schema::PACKAGE_ID
        );
        sqlx::raw_sql(AssertSqlSafe(mark)).execute(&mut db).await?;
        sqlx::query("ATTACH ? AS project")
            .bind(read_only_uri(&self.project.folder().join(FILE)))
            .execute(&mut db)
            .await?;
        let mut tx = db.begin().await?;
        self.choose(&mut tx).await?;
        self.settings(&mut tx, app).await?;
        for part in PARTS {
            let (names, values): (Vec<_>, Vec<_>) = part.columns.iter().copied().unzip();
            let sql = format!(
                "INSERT INTO main.{} ({}) SELECT {} {}",
                part.table,
                names.join(", "),
                values.join(", "),
                part.from
            );
            let statement = sqlx::query(AssertSqlSafe(sql)).bind(self.whom.id.uuid());
            statement.execute(&mut *tx).await?;
        }
        self.place(&mut tx).await?;
        self.deal(&mut tx).await?;
        tx.commit().await?;
        sqlx::raw_sql("DETACH project").execute(&mut db).await?;
        self.db = Some(db);
        Ok(())
    }

    /// Deals him, in the package, all that the project would deal him one by one: so the checks lie
    /// where they would, and nothing in the file tells them from other questions. What the dealing
    /// goes by is laid over the package's own tables meanwhile, and is never in the file.
    async fn deal(&self, db: &mut SqliteConnection) -> Result<()> {
        let phase = phases::phase(db).await?;
        if phase == Some(Phase::Review) {
            return Ok(());
        }
        sqlx::raw_sql(OVERLAY).execute(&mut *db).await?;
        while deal_one(db, self.whom.id, &self.project, phase).await? {}
        sqlx::raw_sql(LIFTED).execute(&mut *db).await?;
        Ok(())
    }

    /// Notes which questions go along: those of pairs that are dealt to him, those that everybody
    /// gets, and those that he has before him already; none for which another stands, and none that
    /// he has adjudicated, having seen its votes.
    async fn choose(&mut self, db: &mut SqliteConnection) -> Result<()> {
        sqlx::raw_sql(
            "CREATE TEMP TABLE dealt_pair (id BLOB NOT NULL PRIMARY KEY);
             CREATE TEMP TABLE chosen (id BLOB NOT NULL PRIMARY KEY);
             CREATE TEMP TABLE chosen_pair (id BLOB NOT NULL PRIMARY KEY);",
        )
        .execute(&mut *db)
        .await?;
        let pairs: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM project.pair")
            .fetch_all(&mut *db)
            .await?;
        for pair in pairs {
            if self.project.deals(PairId::from_uuid(pair), self.whom.order) {
                let insert = sqlx::query("INSERT INTO temp.dealt_pair (id) VALUES (?)").bind(pair);
                insert.execute(&mut *db).await?;
            }
        }
        let chosen = sqlx::query(
            "INSERT INTO temp.chosen (id)
             SELECT q.id FROM project.question AS q
             WHERE q.same_as IS NULL
               AND (q.pair IN (SELECT id FROM temp.dealt_pair)
                 OR EXISTS (SELECT 1 FROM project.known AS k
                   WHERE k.question = q.id AND k.role IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM project.assignment AS a
                   WHERE a.question = q.id AND a.annotator = ?1))
               AND NOT EXISTS (SELECT 1 FROM project.adjudication AS d WHERE d.question = q.id
                 AND d.adjudicator = ?1 AND d.act = 'blind')",
        )
        .bind(self.whom.id.uuid())
        .execute(&mut *db)
        .await?;
        self.questions = chosen.rows_affected();
        if self.questions == 0 {
            return Err(StoreError::NothingToPack(self.whom.name.clone()));
        }
        let pairs = sqlx::query(
            "INSERT INTO temp.chosen_pair (id) SELECT DISTINCT q.pair FROM project.question AS q
             JOIN temp.chosen AS c ON c.id = q.id",
        )
        .execute(&mut *db)
        .await?;
        self.pairs = pairs.rows_affected();
        sqlx::query("INSERT INTO main.package_question (id) SELECT id FROM temp.chosen")
            .execute(&mut *db)
            .await?;
        Ok(())
    }

    async fn settings(&self, db: &mut SqliteConnection, app: &str) -> Result<()> {
        for key in SETTINGS {
            let sql = "INSERT INTO main.setting (key, value)
                SELECT key, value FROM project.setting WHERE key = ?";
            sqlx::query(sql).bind(key).execute(&mut *db).await?;
        }
        let clock = &self.project.clock;
        let now = clock.now_ms();
        let package = AnnotatorId::new(now, clock.random()).to_string();
        for (key, value) in [
            ("package", package),
            ("package_annotator", self.whom.id.to_string()),
            ("package_made_ms", now.to_string()),
            ("package_app", app.to_owned()),
        ] {
            sqlx::query("INSERT INTO main.setting (key, value) VALUES (?, ?)")
                .bind(key)
                .bind(value)
                .execute(&mut *db)
                .await?;
        }
        Ok(())
    }

    /// Gives him, in the package, the place that he has or gets in the project.
    async fn place(&self, db: &mut SqliteConnection) -> Result<()> {
        if let Some(created_ms) = self.whom.created_ms {
            sqlx::query(
                "INSERT INTO main.annotator (id, name, ordinal, created_ms) VALUES (?, ?, 0, ?)",
            )
            .bind(self.whom.id.uuid())
            .bind(self.whom.name.clone())
            .bind(created_ms)
            .execute(&mut *db)
            .await?;
        }
        sqlx::query("UPDATE main.annotator SET dealt_order = ?")
            .bind(self.whom.order)
            .execute(&mut *db)
            .await?;
        Ok(())
    }

    /// The media that belong into the package, where the project has them.
    pub async fn media(&mut self) -> Result<Vec<MediaFile>> {
        let ids: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id FROM media ORDER BY id")
            .fetch_all(self.db()?)
            .await?;
        let wanted: BTreeSet<Vec<u8>> = ids.into_iter().collect();
        let all = self.project.all_media().await?;
        let here = |file: &MediaFile| wanted.contains(file.media.id.as_bytes().as_slice());
        Ok(all.into_iter().filter(here).collect())
    }

    /// Puts a piece of a medium's file in; pieces come in their order.
    pub async fn put_piece(&mut self, media: MediaId, n: usize, bytes: Vec<u8>) -> Result<()> {
        sqlx::query("INSERT INTO package_piece (media, n, bytes) VALUES (?, ?, ?)")
            .bind(media.as_bytes().to_vec())
            .bind(i64::try_from(n).unwrap_or(i64::MAX))
            .bind(bytes)
            .execute(self.db()?)
            .await?;
        Ok(())
    }

    /// Says of which files the medium consists whose pieces were put in.
    pub async fn put_medium(&mut self, media: &MediaRef, files: &[PackedFile]) -> Result<()> {
        let id = media.id.as_bytes().to_vec();
        for (n, file) in files.iter().enumerate() {
            sqlx::query(
                "INSERT INTO package_file (media, n, name, bytes, hash) VALUES (?, ?, ?, ?, ?)",
            )
            .bind(id.clone())
            .bind(i64::try_from(n).unwrap_or(i64::MAX))
            .bind(file.name.clone())
            .bind(i64::try_from(file.bytes).unwrap_or(i64::MAX))
            .bind(file.hash.as_bytes().to_vec())
            .execute(self.db()?)
            .await?;
        }
        let bytes = files.first().map_or(0, |file| file.bytes);
        sqlx::query("UPDATE media SET bytes = ? WHERE id = ?")
            .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
            .bind(id)
            .execute(self.db()?)
            .await?;
        Ok(())
    }

    /// Gives the file its name, and its annotator his place in the project: both or neither.
    pub async fn finish(mut self) -> Result<Packed> {
        let broken: Option<String> =
            sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
                .fetch_optional(self.db()?)
                .await?;
        if let Some(table) = broken {
            return Err(StoreError::corrupt(format!(
                "a row of {table} points to nothing"
            )));
        }
        if let Some(db) = self.db.take() {
            db.close().await?;
        }
        let synced = fs::File::open(&self.part).and_then(|file| file.sync_all());
        synced.map_err(StoreError::io(&self.part))?;
        let project = self.project.clone();
        let mut tx = project.begin().await?;
        if let Some(created_ms) = self.whom.created_ms {
            insert(&mut tx, self.whom.id, &self.whom.name, None, created_ms).await?;
        }
        if order_of(&mut tx, self.whom.id).await? != self.whom.order {
            return Err(StoreError::PlaceTaken);
        }
        let detail = format!(
            "for {}: {} pairs, {} questions",
            self.whom.name, self.pairs, self.questions
        );
        write_log(&mut tx, project.clock.now_ms(), "package", &detail).await?;
        self.give_name()?;
        if let Err(error) = tx.commit().await {
            let _ = fs::remove_file(&self.out);
            return Err(error.into());
        }
        let bytes = fs::metadata(&self.out).map_or(0, |meta| meta.len());
        Ok(Packed {
            file: self.out.clone(),
            annotator: self.whom.id,
            name: self.whom.name.clone(),
            pairs: self.pairs,
            questions: self.questions,
            bytes,
        })
    }

    /// A file that came to that name meanwhile stays.
    fn give_name(&self) -> Result<()> {
        let named = match fs::hard_link(&self.part, &self.out) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(StoreError::FileThere(self.out.clone()));
            }
            // Not every file system has links.
            Err(_) if fs::symlink_metadata(&self.out).is_ok() => {
                return Err(StoreError::FileThere(self.out.clone()));
            }
            Err(_) => fs::rename(&self.part, &self.out),
            Ok(()) => Ok(()),
        };
        named.map_err(StoreError::io(&self.out))?;
        let folder = self.out.parent().unwrap_or(&self.out);
        let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(StoreError::io(folder))
    }
}

impl Drop for PackageWriter {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.part);
    }
}
