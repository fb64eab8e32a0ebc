//! Packets, taken as they pass through a network of our own, and what each of them begins.

use std::io::{ErrorKind, Read as _};
use std::net::{IpAddr, Ipv6Addr};
use std::thread;

use socket2::{Domain, Protocol, Socket, Type};

use crate::canary::Heard;

/// Every protocol, in the order of bytes on the wire (`ETH_P_ALL` of `linux/if_ether.h`).
const ALL_PROTOCOLS: u16 = 0x0003_u16.to_be();

/// Tells of every packet that begins something, from now on.
pub(crate) fn each_packet(tell: impl Fn(Heard) + Send + 'static) {
    let protocol = Protocol::from(i32::from(ALL_PROTOCOLS));
    let mut socket = Socket::new(Domain::PACKET, Type::RAW, Some(protocol)).unwrap();
    thread::spawn(move || {
        let mut packet = [0; 2048];
        loop {
            match socket.read(&mut packet) {
                Ok(count) => {
                    if let Some(heard) = first_of(&packet[..count]) {
                        tell(heard);
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => panic!("packets can no longer be taken: {error}"),
            }
        }
    });
}

/// What an Ethernet frame begins: a TCP connection (SYN without ACK), or anything that is not TCP.
fn first_of(frame: &[u8]) -> Option<Heard> {
    let (kind, packet) = (frame.get(12..14)?, frame.get(14..)?);
    let (protocol, to, body) = match kind {
        [0x08, 0x00] => {
            let head = usize::from(packet.first()? & 0x0f) * 4;
            let to: [u8; 4] = packet.get(16..20)?.try_into().ok()?;
            (*packet.get(9)?, IpAddr::from(to), packet.get(head..)?)
        }
        [0x86, 0xdd] => {
            let to: [u8; 16] = packet.get(24..40)?.try_into().ok()?;
            (
                *packet.get(6)?,
                Ipv6Addr::from(to).into(),
                packet.get(40..)?,
            )
        }
        _ => return None,
    };
    let (name, port) = match protocol {
        6 => {
            let flags = body.get(13)?;
            (flags & 0x12 == 0x02).then_some(())?;
            ("packet", port_of(body)?)
        }
        17 => ("packet", port_of(body)?),
        // ICMP and the like answer one of the above, or are a try of their own.
        _ => ("packet", 0),
    };
    Some(Heard {
        protocol: name,
        to,
        port,
        said: format!("protocol {protocol}"),
    })
}

fn port_of(body: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(body.get(2..4)?.try_into().ok()?))
}
