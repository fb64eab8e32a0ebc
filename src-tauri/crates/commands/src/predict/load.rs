//! Questions as reward models take them: words, and media that are found again and looked at by their
//! headers.

use tiebreak_domain::{MediaId, QuestionId};
use tiebreak_judge::{JudgedMedium, JudgedQuestion, JudgedSide};
use tiebreak_media::{header_facts, open_checked};
use tiebreak_store::{Project, ToJudge};

use crate::error::Result;
use crate::media;

/// Reads questions, in the order of the ids. One whose media are not there is a sentence.
pub(crate) async fn load(
    project: &Project,
    ids: &[QuestionId],
) -> Result<Vec<std::result::Result<JudgedQuestion, String>>> {
    let mut all = Vec::with_capacity(ids.len());
    for question in project.to_judge(ids).await? {
        all.push(whole(project, question).await);
    }
    Ok(all)
}

async fn whole(
    project: &Project,
    question: ToJudge,
) -> std::result::Result<JudgedQuestion, String> {
    let [prompt, one, two] = question.texts;
    let [of_prompt, of_one, of_two] = question.media;
    Ok(JudgedQuestion {
        id: question.id,
        prompt_id: question.prompt_id,
        task: question.task,
        criterion: question.criterion,
        prompt: side(project, prompt, of_prompt).await?,
        responses: [
            side(project, one, of_one).await?,
            side(project, two, of_two).await?,
        ],
    })
}

async fn side(
    project: &Project,
    text: String,
    ids: Vec<MediaId>,
) -> std::result::Result<JudgedSide, String> {
    let mut media = Vec::with_capacity(ids.len());
    for id in ids {
        let readable = media::file(project, id).await;
        let readable = readable.map_err(|error| error.message)?;
        let opened = open_checked(&readable.path, readable.media.bytes);
        let opened = opened.map_err(|error| error.to_string())?;
        let facts = header_facts(&opened, &readable.media.mime);
        media.push(JudgedMedium {
            kind: readable.media.kind,
            mime: readable.media.mime,
            bytes: readable.media.bytes,
            path: readable.path,
            pixels: facts.pixels,
            seconds: facts.seconds,
            faces: facts.faces,
        });
    }
    Ok(JudgedSide { text, media })
}
