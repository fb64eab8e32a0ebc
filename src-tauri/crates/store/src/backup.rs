//! Copies of the database: one before a migration, one a day, seven of them kept.

use std::path::Path;

use sqlx::SqliteConnection;
use tiebreak_domain::civil_date;

use crate::error::{Result, StoreError};

const KEPT: usize = 7;

/// Copies the database into `backups/` under today's date, unless that was done already.
pub(crate) async fn daily(db: &mut SqliteConnection, folder: &Path, now_ms: i64) -> Result<()> {
    let votes: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM vote)")
        .fetch_one(&mut *db)
        .await?;
    if votes == 0 {
        return Ok(());
    }
    let name = format!("{}.sqlite", date(now_ms));
    if !folder.join("backups").join(&name).exists() {
        copy(db, folder, &name).await?;
        forget_old(folder)?;
    }
    Ok(())
}

/// Copies the database before a migration changes it.
pub(crate) async fn before_migration(
    db: &mut SqliteConnection,
    folder: &Path,
    now_ms: i64,
) -> Result<()> {
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *db)
        .await?;
    copy(
        db,
        folder,
        &format!("before-migration-{version}-{now_ms}.sqlite"),
    )
    .await
}

async fn copy(db: &mut SqliteConnection, folder: &Path, name: &str) -> Result<()> {
    let backups = folder.join("backups");
    std::fs::create_dir_all(&backups).map_err(StoreError::io(&backups))?;
    // Under another name until it is whole: a copy that was cut off is not taken for one.
    let part = backups.join(format!("{name}.{}.part", std::process::id()));
    let _ = std::fs::remove_file(&part);
    let target = part.to_string_lossy().into_owned();
    let copied = sqlx::query("VACUUM INTO ?")
        .bind(target)
        .execute(&mut *db)
        .await;
    if copied.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    copied?;
    let whole = backups.join(name);
    std::fs::rename(&part, &whole).map_err(StoreError::io(&whole))
}

fn forget_old(folder: &Path) -> Result<()> {
    let backups = folder.join("backups");
    let mut daily: Vec<_> = std::fs::read_dir(&backups)
        .map_err(StoreError::io(&backups))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
            name.is_some_and(|n| n.len() == "2026-01-01.sqlite".len() && n.starts_with("20"))
        })
        .collect();
    daily.sort();
    let surplus = daily.len().saturating_sub(KEPT);
    for path in daily.into_iter().take(surplus) {
        std::fs::remove_file(&path).map_err(StoreError::io(&path))?;
    }
    Ok(())
}

/// The UTC date of a time in milliseconds since 1970, as `2026-11-24`.
pub(crate) fn date(ms: i64) -> String {
    let (year, month, day) = civil_date(ms.div_euclid(86_400_000));
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_are_the_calendars() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(951_782_400_000), "2000-02-29");
        assert_eq!(date(1_764_028_799_999), "2025-11-24");
        assert_eq!(date(4_107_542_400_000), "2100-03-01");
    }
}
