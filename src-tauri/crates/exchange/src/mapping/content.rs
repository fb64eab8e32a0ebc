//! `"field"`, `["field", "field"]` or `{ text = …, image = "field", … }`: three ways to say where
//! a prompt or a response stands, and which one is written depends on how much there is to say.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tiebreak_domain::Modality;

/// Where a prompt or a response stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The fields with its words, joined by a blank line.
    pub text: Vec<String>,
    /// The field with the path of its image.
    pub image: Option<String>,
    /// The field with the path of its video.
    pub video: Option<String>,
    /// The field with the path of its audio.
    pub audio: Option<String>,
    /// The field with the path of its 3D model.
    pub model3d: Option<String>,
    /// The field with the name of the model that made it; responses only.
    pub model: Option<String>,
}

impl Content {
    /// Words alone, out of one field.
    #[must_use]
    pub fn field(name: impl Into<String>) -> Self {
        Self {
            text: vec![name.into()],
            ..Self::default()
        }
    }

    /// The fields with media, and of which kind they are.
    pub(crate) fn media(&self) -> impl Iterator<Item = (Modality, &str)> {
        let fields = [&self.image, &self.video, &self.audio, &self.model3d];
        let kinds = [
            Modality::Image,
            Modality::Video,
            Modality::Audio,
            Modality::Model3d,
        ];
        let media = kinds.into_iter().zip(fields);
        media.filter_map(|(kind, field)| Some((kind, field.as_deref()?)))
    }

    /// The fields that it stands in, without the model's.
    pub(crate) fn content_fields(&self) -> impl Iterator<Item = &str> {
        let text = self.text.iter().map(String::as_str);
        text.chain(self.media().map(|(_, field)| field))
    }

    /// All fields that it names. A model alone is no content.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        let some = self.content_fields().next().is_some();
        let model = self.model.as_deref().filter(|_| some);
        self.content_fields().chain(model)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    text: Names,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    video: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    audio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model3d: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

impl From<Table> for Content {
    fn from(table: Table) -> Self {
        Self {
            text: table.text.0,
            image: table.image,
            video: table.video,
            audio: table.audio,
            model3d: table.model3d,
            model: table.model,
        }
    }
}

/// One name or a list of them.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => s.serialize_str(one),
            all => all.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let content = d.deserialize_any(AnyForm)?;
        if content.media().next().is_some() || content.model.is_some() {
            return Err(D::Error::custom(
                "text takes a field's name or a list of them",
            ));
        }
        Ok(Self(content.text))
    }
}

struct AnyForm;

impl<'de> Visitor<'de> for AnyForm {
    type Value = Content;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a field's name, a list of them, or { text, image, video, audio, model3d }")
    }

    fn visit_str<E>(self, name: &str) -> Result<Content, E> {
        Ok(Content::field(name))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content, A::Error> {
        let mut content = Content::default();
        while let Some(name) = seq.next_element()? {
            content.text.push(name);
        }
        Ok(content)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Content, A::Error> {
        Table::deserialize(MapAccessDeserializer::new(map)).map(Content::from)
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let text = Names(self.text.clone());
        if self.media().next().is_none() && self.model.is_none() {
            return text.serialize(s);
        }
        let table = Table {
            text,
            image: self.image.clone(),
            video: self.video.clone(),
            audio: self.audio.clone(),
            model3d: self.model3d.clone(),
            model: self.model.clone(),
        };
        table.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(AnyForm)
    }
}
