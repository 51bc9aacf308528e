//! The cabinet's part of the configuration: what is refused, by which key, and the examples in `docs/examples`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

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
    assert!(said.contains("unknown variant `cu17`") && said.contains("`cu16`"), "{said}");
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
    assert!(said.contains("a line is its offset, as in \"17\", with `low` before it"), "{said}");
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
