//! The cabinet's part of the configuration: what is refused, by which key, and the examples in `docs/examples`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use locker_runtime::boards;
use locker_runtime::config::{Config, LineConfig};

/// What is said of a cabinet of two boxes with these lines.
fn refused(lines: &str) -> String {
    let text = format!("[cabinet]\ndriver = \"boards\"\nboxes = 2\nguard = \"guard.sock\"\n{lines}");
    Config::parse(&text).unwrap_err().to_string()
}

const GPIO: &str = "[[cabinet.boards]]\ndriver = \"gpio\"\nchip = \"/dev/gpiochip0\"\n";

#[test]
fn boxes_that_are_nowhere_twice_or_too_many_are_named_with_their_key() {
    let pins = |boxes: &str| {
        format!("{GPIO}software_pulse = \"accepted\"\ncoils = [\"1\", \"2\"]\nboxes = {boxes}\n")
    };
    assert_eq!(refused(""), "cabinet.boxes is how many boxes the boards carry, and box 1 is on none");
    assert_eq!(
        refused(&pins("[1]")),
        "cabinet.boxes is how many boxes the boards carry, and box 2 is on none"
    );
    assert_eq!(
        refused(&pins("[1, 0, 1]")),
        "cabinet.boards[0].boxes[2] is a box that is wired once, and 1 is at cabinet.boards[0].boxes[0] already"
    );
    assert_eq!(
        refused(&pins("[1, 3]")),
        "cabinet.boards[0].boxes[1] is 0 for none or a box up to cabinet.boxes, which is 2"
    );
    assert_eq!(
        refused(&pins("[1, 0, 2]")),
        "cabinet.boards[0].boxes is not longer than the board, which has no channel 2, counted from 0"
    );
}

#[test]
fn a_key_that_nobody_knows_or_that_another_driver_knows_is_named_with_those_that_are_known() {
    let said = refused("[[cabinet.boards]]\ndriver = \"gpio\"\nboxes = [1, 2]\nchp = \"/dev/gpiochip0\"\n");
    assert!(said.contains("unknown field `chp`") && said.contains("`chip`"), "{said}");
    let said = refused("[[cabinet.boards]]\ndriver = \"cu17\"\nboxes = [1, 2]\n");
    assert!(said.contains("driver: unknown value") && said.contains("`cu16`"), "{said}");
    assert_eq!(
        refused(&format!("{GPIO}boxes = [1, 2]\npolarity = \"set_is_open\"\n")),
        "cabinet.boards[0].polarity is no key of gpio, which knows chip, coils, doors, items, bias, debounce_ms, \
         software_pulse"
    );
}

#[test]
fn box_08_a_board_without_a_pulse_of_its_own_needs_software_pulse_and_the_guard() {
    let board = format!("{GPIO}boxes = [1, 2]\ncoils = [\"1\", \"2\"]\n");
    let accepted = "\"accepted\", or the board cannot be used: it ends no pulse by itself (BOX-8)";
    assert_eq!(refused(&board), format!("cabinet.boards[0].software_pulse is {accepted}"));
    let refuses = format!("{board}software_pulse = \"refused\"\n");
    assert_eq!(refused(&refuses), format!("cabinet.boards[0].software_pulse is {accepted}"));
    let text = format!("[cabinet]\ndriver = \"boards\"\nboxes = 2\n{board}software_pulse = \"accepted\"\n");
    assert_eq!(
        Config::parse(&text).unwrap_err().to_string(),
        "cabinet.guard is the socket of `kiosk guard`, which cabinet.boards[0] needs (BOX-8)"
    );
}

#[test]
fn lines_are_an_offset_a_low_offset_or_none_and_no_line_is_named_twice() {
    let with =
        |lines: &str| refused(&format!("{GPIO}boxes = [1, 2]\nsoftware_pulse = \"accepted\"\n{lines}"));
    assert_eq!(with(""), "cabinet.boards[0].coils is 1 to 255 lines, one for each channel");
    let said = with("coils = [\"five\", \"6\"]\n");
    assert!(said.contains("a line is its offset, as in `17`, with `low` before it"), "{said}");
    assert_eq!(
        with("coils = [\"5\", \"none\"]\n"),
        "cabinet.boards[0].coils[1] is a line: a channel has a coil"
    );
    let twice = with("coils = [\"5\", \"6\"]\ndoors = [\"low 7\", \"low 5\"]\n");
    assert_eq!(twice, "cabinet.boards[0].coils is used once each, and line 5 is named twice");
    let long = with("coils = [\"5\", \"6\"]\ndoors = [\"7\", \"8\", \"9\"]\n");
    assert_eq!(long, "cabinet.boards[0].doors is not longer than coils");
    let slow = with("coils = [\"5\", \"6\"]\ndebounce_ms = 51\n");
    assert_eq!(slow, "cabinet.boards[0].debounce_ms is 0 to 50");
    for (text, line) in
        [("17", LineConfig::High(17)), ("low 17", LineConfig::Low(17)), ("none", LineConfig::None)]
    {
        assert_eq!(LineConfig::try_from(String::from(text)), Ok(line));
        assert_eq!(String::from(line), text);
    }
}

#[test]
fn boards_beside_a_simulated_cabinet_are_refused() {
    let text = format!("[cabinet]\nboxes = 2\n{GPIO}boxes = [1, 2]\n");
    assert_eq!(Config::parse(&text).unwrap_err().to_string(), "cabinet.driver is boards, if there are any");
}

const LINE: &str = "[[cabinet.ports]]\nname = \"line\"\naddress = \"/dev/ttyUSB0\"\nbaud = 9600\n";

/// What is said of a board with these lines on a good port.
fn board_refused(lines: &str) -> String {
    refused(&format!("{LINE}[[cabinet.boards]]\nport = \"line\"\nboxes = [1, 2]\n{lines}"))
}

#[test]
fn a_port_that_is_not_there_or_cannot_be_is_named() {
    let board = "[[cabinet.boards]]\ndriver = \"cu48\"\nboxes = [1, 2]\n";
    let port = |lines: &str| format!("[[cabinet.ports]]\nname = \"line\"\n{lines}\n{board}port = \"line\"\n");
    let unnamed = refused(
        &format!("{LINE}{board}port = \"lien\"\n{board}port = \"line\"\n").replacen("[1, 2]", "[]", 1),
    );
    assert_eq!(unnamed, "cabinet.boards[0].port is the name of one of cabinet.ports: \"line\"");
    assert_eq!(
        refused(&format!("{LINE}{board}")),
        "cabinet.ports[0].name is the name that a board calls it by, and none says \"line\""
    );
    assert_eq!(
        refused(&format!("{LINE}{LINE}{board}port = \"line\"\n")),
        "cabinet.ports[1].name is a name of its own, and \"line\" is taken"
    );
    assert_eq!(
        refused(&port("address = \"/dev/ttyUSB0\"")),
        "cabinet.ports[0].baud is the speed of the boards, 300 to 4000000: mostly 9600 or 19200"
    );
    assert_eq!(
        refused(&port("address = \"tcp://192.0.2.7:502\"\nbaud = 9600")),
        "cabinet.ports[0].baud is for a device only, not for tcp://"
    );
    assert_eq!(
        refused(&port("address = \"tcp://192.0.2.7\"")),
        "cabinet.ports[0].address is where the port is: behind `tcp://` stand a host, a colon and a port from 1 to 65535"
    );
    let stop_bits = "address = \"/dev/ttyUSB0\"\nbaud = 9600\nstop_bits = 3";
    assert_eq!(refused(&port(stop_bits)), "cabinet.ports[0].stop_bits is 1 or 2");
    let echo = refused(&port("address = \"/dev/ttyUSB0\"\nbaud = 9600\necho = \"on\""));
    assert!(echo.contains("echo: unknown value, expected `off` or `strip`"), "{echo}");
}

#[test]
fn what_a_driver_refuses_is_named_by_its_key_with_what_is_allowed() {
    for (lines, said) in [
        ("driver = \"xor\"\naddress = 33\n", "cabinet.boards[0].address is 1 to 32, not 33"),
        ("driver = \"xor\"\nstatus_bytes = 0\n", "cabinet.boards[0].status_bytes is 1 to 32, not 0"),
        (
            "driver = \"xor\"\nstatus_silence_ms = 1\n",
            "cabinet.boards[0].status_silence_ms is 2 to 100, not 1",
        ),
        ("driver = \"xor\"\npulse_ms = 2001\n", "cabinet.boards[0].pulse_ms is 1 to 2000, not 2001"),
        ("driver = \"xor\"\nunlock_seconds = 3\n", "cabinet.boards[0].unlock_seconds is 1 to 2, not 3"),
        (
            "driver = \"xor\"\nunlock_seconds = 1\npulse_ms = 300\n",
            "cabinet.boards[0].unlock_seconds is instead of pulse_ms, not beside it",
        ),
        ("driver = \"cu16\"\naddress = 10\n", "cabinet.boards[0].address is 0 to 9, not 10"),
        ("driver = \"cu16\"\nchannels = 17\n", "cabinet.boards[0].channels is 1 to 16, not 17"),
        ("driver = \"cu16\"\npulse_ms = 5\n", "cabinet.boards[0].pulse_ms is 10 to 2000, not 5"),
        ("driver = \"cu48\"\naddress = 10\n", "cabinet.boards[0].address is 0 to 9, not 10"),
        ("driver = \"cu12\"\naddress = 16\n", "cabinet.boards[0].address is 0 to 15, not 16"),
        ("driver = \"winnsen\"\nchannels = 17\n", "cabinet.boards[0].channels is 1 to 16, not 17"),
        ("driver = \"wkly\"\npulse_ms = 0\n", "cabinet.boards[0].pulse_ms is 1 to 2000, not 0"),
        (
            "driver = \"modbus\"\n",
            "cabinet.boards[0].profile is waveshare, r421a08 or plain: how the relays end a pulse",
        ),
        (
            "driver = \"modbus\"\nprofile = \"waveshare\"\naddress = 0\n",
            "cabinet.boards[0].address is 1 to 255, not 0",
        ),
        (
            "driver = \"modbus\"\nprofile = \"waveshare\"\non_value = 256\n",
            "cabinet.boards[0].on_value is for the profile plain only",
        ),
        (
            "driver = \"modbus\"\nprofile = \"plain\"\n",
            "cabinet.boards[0].software_pulse is \"accepted\", or the board cannot be used: it ends no pulse by itself \
             (BOX-8)",
        ),
    ] {
        assert_eq!(board_refused(lines), said, "{lines}");
    }
}

#[test]
fn box_08_the_guards_port_is_nobody_elses() {
    let plain = "[[cabinet.boards]]\ndriver = \"modbus\"\nprofile = \"plain\"\nport = \"line\"\nboxes = [1]\n\
                 software_pulse = \"accepted\"\n";
    let other = "[[cabinet.boards]]\ndriver = \"cu48\"\nport = \"line\"\nboxes = [2]\n";
    assert_eq!(
        refused(&format!("{LINE}{plain}{other}")),
        "cabinet.boards[1].port is another port: \"line\" is the guard's, for cabinet.boards[0]"
    );
}

#[test]
fn a_line_with_so_many_boards_that_an_open_door_goes_unseen_is_refused() {
    let slow = "[[cabinet.ports]]\nname = \"line\"\naddress = \"/dev/ttyUSB0\"\nbaud = 300\n\
                [[cabinet.boards]]\ndriver = \"cu16\"\nport = \"line\"\nboxes = [1, 2]\n";
    let said = refused(slow);
    assert!(
        said.starts_with("cabinet.ports is fewer boards on more ports: a door that opens for "),
        "{said}"
    );
}

#[test]
fn every_example_is_a_configuration_that_a_kiosk_takes_and_writes_back() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples");
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let config = Config::parse(&std::fs::read_to_string(&path).unwrap());
        let config = config.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(Config::parse(&config.to_toml()).unwrap(), config, "{}", path.display());
        let guard = boards::guard(&config.cabinet, |_, _| {}).unwrap();
        seen.push((path.file_stem().unwrap().to_str().unwrap().to_owned(), guard.is_some()));
    }
    seen.sort();
    let examples = ["cu16", "cu48", "gpio", "modbus", "sim", "xor"];
    assert_eq!(seen, examples.map(|name| (name.to_owned(), name == "gpio")));
}

#[test]
fn every_channel_is_a_box_for_whoever_learns_the_map() {
    let text = "[cabinet]\ndriver = \"boards\"\n[[cabinet.ports]]\nname = \"a\"\naddress = \"a\"\nbaud = 9600\n\
                [[cabinet.boards]]\ndriver = \"cu12\"\nport = \"a\"\nboxes = []\n\
                [[cabinet.boards]]\ndriver = \"xor\"\nport = \"a\"\nchannels = 8\nboxes = [7]\n";
    let config: Config = toml::from_str(text).unwrap();
    let (cabinet, places) = boards::every_channel(&config.cabinet).unwrap();
    assert_eq!(cabinet.boxes().count(), 12 + 8);
    let places: Vec<_> = places.iter().map(|place| (place.board, place.channel.0)).collect();
    assert_eq!((places[0], places[11], places[12], places[19]), ((0, 0), (0, 11), (1, 0), (1, 7)));
}
