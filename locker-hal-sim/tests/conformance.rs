//! The simulator conforms, in process and over the socket; and the suite can fail.

mod common;

use common::{SimRig, in_process};
use locker_hal::conformance::{self, Check};

#[tokio::test]
async fn the_simulator_in_process_conforms() {
    let report = conformance::run(|| async { SimRig::new(in_process) }).await;
    report.assert_passed();
    assert_eq!(report.passed, Check::ALL, "and nothing was skipped");
}
