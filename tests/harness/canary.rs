//! A canary: it hears whatever tries to reach anybody.
//!
//! It listens on ports where an answer would be sought, and in a network of its own it also takes
//! every packet, so that a try at a port where nobody listens is heard too. What the test itself
//! needs (the driver, the app's media server) is known by its port.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::packets::each_packet;
use crate::quiet::Network;

/// Names, the web, proxies — and `discard`, where the app sends the page's requests to elsewhere.
const SOUGHT: [u16; 8] = [9, 53, 80, 443, 554, 3128, 8080, 8443];

/// Somebody who tried to reach somebody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Heard {
    pub(crate) protocol: &'static str,
    pub(crate) to: IpAddr,
    pub(crate) port: u16,
    pub(crate) said: String,
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            protocol, to, port, ..
        } = self;
        write!(f, "{protocol} to {to} port {port}: {:?}", self.said)
    }
}

type Notes = Arc<Mutex<BTreeSet<Heard>>>;

/// The listener. What it heard is kept until it is asked.
pub struct Canary {
    port: u16,
    network: Network,
    heard: Notes,
}

impl Canary {
    /// Begins to listen.
    pub fn listen(network: Network) -> Self {
        let heard = Notes::default();
        let here: IpAddr = match network {
            Network::Quiet => Ipv4Addr::UNSPECIFIED.into(),
            Network::Shared => Ipv4Addr::LOCALHOST.into(),
        };
        let own = TcpListener::bind((here, 0)).unwrap();
        let port = own.local_addr().unwrap().port();
        hear_streams(own, &heard);
        hear_datagrams(UdpSocket::bind((here, port)).unwrap(), &heard);
        for sought in SOUGHT {
            let stream = TcpListener::bind((here, sought));
            let datagrams = UdpSocket::bind((here, sought));
            if network == Network::Quiet {
                hear_streams(stream.unwrap(), &heard);
                hear_datagrams(datagrams.unwrap(), &heard);
            } else if let Ok(stream) = stream {
                // Low ports are another's where this is not a network of our own.
                hear_streams(stream, &heard);
            }
        }
        if network == Network::Quiet {
            hear_packets(&heard);
        }
        let canary = Self {
            port,
            network,
            heard,
        };
        canary.proves_to_hear();
        canary
    }

    /// Addresses that lead to it, for texts and files: one on loopback, which nothing but the
    /// app's own policy keeps from being reached, and some elsewhere.
    pub fn addresses(&self) -> [String; 4] {
        [
            format!("http://127.0.0.1:{}", self.port),
            format!("http://localhost:{}", self.port),
            format!("http://192.0.2.7:{}", self.port),
            "https://canary.example".to_owned(),
        ]
    }

    /// Forgets and gives what was heard, but for what was meant for `known` ports of loopback.
    pub fn take(&self, known: &BTreeSet<u16>) -> Vec<Heard> {
        // What was sent last is still on its way through a thread.
        thread::sleep(Duration::from_millis(300));
        let heard = std::mem::take(&mut *self.heard.lock().unwrap());
        let ours = |h: &Heard| h.to == IpAddr::V4(Ipv4Addr::LOCALHOST) && known.contains(&h.port);
        heard.into_iter().filter(|h| !ours(h)).collect()
    }

    /// Knocks, and is heard: a canary that is deaf would be content with everything.
    fn proves_to_hear(&self) {
        let knock = |to: [u8; 4], port: u16| {
            let address = (Ipv4Addr::from(to), port).into();
            if let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(2)) {
                let _ = stream.write_all(b"GET /knock HTTP/1.1\r\n\r\n");
            }
        };
        knock([127, 0, 0, 1], self.port);
        let mut wanted = vec![("stream", [127, 0, 0, 1], self.port)];
        if self.network == Network::Quiet {
            let names = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
            names.send_to(b"knock", ("192.0.2.53", 53)).unwrap();
            knock([198, 51, 100, 9], 443);
            // Nobody listens there.
            knock([203, 0, 113, 5], 4711);
            knock([127, 0, 0, 1], 9);
            wanted.extend([
                ("datagram", [192, 0, 2, 53], 53),
                ("packet", [198, 51, 100, 9], 443),
                ("packet", [203, 0, 113, 5], 4711),
                ("stream", [127, 0, 0, 1], 9),
            ]);
        }
        let heard = self.take(&BTreeSet::new());
        for (protocol, to, port) in wanted {
            let found = heard.iter().any(|h| {
                let named =
                    h.protocol == protocol || (protocol == "datagram" && h.protocol == "packet");
                named && h.to == IpAddr::from(to) && h.port == port
            });
            assert!(found, "a knock at {to:?} {port} is heard: {heard:?}");
        }
    }
}

fn note(notes: &Notes, heard: Heard) {
    notes.lock().unwrap().insert(heard);
}

fn hear_streams(listener: TcpListener, notes: &Notes) {
    let notes = Arc::clone(notes);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let Ok(to) = stream.local_addr() else {
                continue;
            };
            let mut said = [0; 512];
            let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
            let count = stream.read(&mut said).unwrap_or(0);
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            let said = String::from_utf8_lossy(&said[..count]).into_owned();
            let heard = Heard {
                protocol: "stream",
                to: to.ip(),
                port: to.port(),
                said,
            };
            note(&notes, heard);
        }
    });
}

fn hear_datagrams(socket: UdpSocket, notes: &Notes) {
    let notes = Arc::clone(notes);
    thread::spawn(move || {
        let mut said = [0; 512];
        while let Ok((count, _)) = socket.recv_from(&mut said) {
            let to = socket.local_addr().unwrap();
            let said = String::from_utf8_lossy(&said[..count]).into_owned();
            let heard = Heard {
                protocol: "datagram",
                to: to.ip(),
                port: to.port(),
                said,
            };
            note(&notes, heard);
        }
    });
}

fn hear_packets(notes: &Notes) {
    let notes = Arc::clone(notes);
    each_packet(move |heard| note(&notes, heard));
}

/// The TCP ports on which any of these processes listens.
pub fn listening(processes: &[u32]) -> BTreeSet<u16> {
    let sockets: BTreeSet<String> = processes
        .iter()
        .filter_map(|id| std::fs::read_dir(format!("/proc/{id}/fd")).ok())
        .flatten()
        .flatten()
        .filter_map(|entry| std::fs::read_link(entry.path()).ok())
        .filter_map(|link| {
            let name = link.to_str()?;
            Some(name.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
        })
        .collect();
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let listens = words.get(3) == Some(&"0A") && sockets.contains(*words.get(9)?);
            let port = words.get(1)?.rsplit_once(':')?.1;
            listens.then(|| u16::from_str_radix(port, 16).ok())?
        })
        .collect()
}
