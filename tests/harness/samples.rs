//! Small, valid files of every kind, made here byte by byte.

/// A PNG of one colour (RGB, stored deflate blocks, so that no compressor is needed).
pub fn png(width: u32, height: u32, [r, g, b]: [u8; 3]) -> Vec<u8> {
    let mut line = vec![0];
    line.extend([r, g, b].repeat(width as usize));
    let raw = line.repeat(height as usize);
    let mut zlib = vec![0x78, 0x01];
    let chunks: Vec<_> = raw.chunks(65_535).collect();
    for (n, chunk) in chunks.iter().enumerate() {
        let length = u16::try_from(chunk.len()).unwrap();
        zlib.push(u8::from(n + 1 == chunks.len()));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(*chunk);
    }
    zlib.extend(adler32(&raw).to_be_bytes());
    let mut head = Vec::new();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    head.extend([8, 2, 0, 0, 0]);
    let mut file = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    for (kind, data) in [(b"IHDR", &head), (b"IDAT", &zlib), (b"IEND", &Vec::new())] {
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let mut body = kind.to_vec();
        body.extend(data);
        file.extend(&body);
        file.extend(crc32(&body).to_be_bytes());
    }
    file
}

/// A WAV of a sine, 16 bit, mono, 48 kHz.
pub fn wav(hertz: f64, seconds: f64) -> Vec<u8> {
    const RATE: u32 = 48_000;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and positive"
    )]
    let frames = (f64::from(RATE) * seconds) as u32;
    let mut data = Vec::new();
    for n in 0..frames {
        let phase = f64::from(n) * hertz * std::f64::consts::TAU / f64::from(RATE);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "within the range of 16 bits"
        )]
        data.extend(((phase.sin() * 8000.0) as i16).to_le_bytes());
    }
    let bytes = u32::try_from(data.len()).unwrap();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * 2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    file.extend(data);
    file
}

/// The head of an MP4 file with a video track: enough to say what it is, not to be played.
pub fn mp4_head(mark: u8) -> Vec<u8> {
    let mut file = vec![0, 0, 0, 24];
    file.extend(b"ftypisom\0\0\x02\0isomiso2");
    file.extend([0, 0, 0, 9]);
    file.extend(b"free");
    file.push(mark);
    file
}

/// An ASCII PLY of one triangle at a height.
pub fn ply(height: u8) -> Vec<u8> {
    format!(
        "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n\
         property float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n\
         0 0 0\n1 0 0\n0 1 {height}\n3 0 1 2\n"
    )
    .into_bytes()
}

/// The check sum of a PNG chunk (ISO 3309).
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    (b << 16) | a
}
