//! Between the panel and the running site: what it shows, and what its keys do.

use locker_core::screen::{Screen, Surface};
use locker_core::{Coded, text};
use locker_runtime::site::Site;
use locker_runtime::task::AskError;

use crate::panel::{Deed, Panel};

/// Takes over what is to be shown now.
pub(crate) async fn look(panel: &mut Panel, site: &Site) {
    panel.seen(screen(site, Surface::Bottom), screen(site, Surface::Top));
    panel.cabinet = match &site.hands {
        Some(hands) => hands.state().await.ok(),
        None => None,
    };
    panel.letter = site.mailbox.letters().into_iter().next();
}

fn screen(site: &Site, surface: Surface) -> Screen {
    let machine = site.locker.as_ref().and_then(|locker| locker.view().borrow().shown.clone());
    let mut screen = match machine {
        Some(machine) => machine.screen(surface, &site.clock.now()),
        None => Screen::out_of_service(surface, Default::default()),
    };
    text::fill(&mut screen);
    screen
}

/// Does what a key stands for.
pub(crate) async fn act(panel: &mut Panel, site: &Site, deed: Deed) {
    let refused = match deed {
        Deed::Touch(generation, action) => {
            let Some(locker) = &site.locker else { return };
            panel.touches += 1;
            let answer = locker.touch(generation, panel.touches, action).await;
            answer.err().map(|error| match error {
                AskError::Refused(refusal) => text::error(panel.bottom.locale, refusal.key()),
                AskError::Undone(undone) => undone.to_string(),
            })
        }
        Deed::Cabinet(command) => {
            let Some(hands) = &site.hands else { return };
            hands.command(command).await.err().map(|error| error.to_string())
        }
        Deed::Quit => None,
    };
    panel.refused = refused;
}
