//! What is sealed opens with its key, in its place, unchanged, and not otherwise.

use proptest::prelude::*;

use super::*;

const PLACE: Place<'_> = Place {
    table: "users",
    row: "7",
    column: "totp_sealed",
};

fn vault() -> Vault {
    Vault::new(&Ring::of(Key::random()), None)
}

#[test]
fn a_value_opens_with_its_key_only() {
    let vault = vault();
    let sealed = vault.seal(PLACE, b"hunter2 hunter2").unwrap();
    assert_eq!(sealed.len(), HEADER + NONCE + 15 + 16);
    assert_eq!(key_of(&sealed), Ok(vault.key_id()));
    assert_eq!(*vault.open(PLACE, &sealed).unwrap(), b"hunter2 hunter2");
    assert_eq!(
        self::vault().open(PLACE, &sealed),
        Err(VaultError::UnknownKey(vault.key_id()))
    );
    assert_eq!(
        vault
            .open(PLACE, &vault.seal(PLACE, b"").unwrap())
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn no_two_sealed_values_are_alike() {
    let vault = vault();
    let one = vault.seal(PLACE, b"the same").unwrap();
    assert_ne!(one, vault.seal(PLACE, b"the same").unwrap());
}

#[test]
fn the_key_before_opens_and_does_not_seal() {
    let old = Ring::of(Key::random());
    let sealed = Vault::new(&old, None).seal(PLACE, b"old value").unwrap();
    let both = Ring {
        current: Key::random(),
        previous: Some(old.current.clone()),
    };
    let vault = Vault::new(&both, None);
    assert_eq!(*vault.open(PLACE, &sealed).unwrap(), b"old value");
    let anew = vault.seal(PLACE, b"old value").unwrap();
    assert_eq!(key_of(&anew), Ok(both.current.id()));
}

#[test]
fn neither_a_vault_nor_its_errors_show_anything() {
    let key = Key::random();
    let vault = Vault::new(&Ring::of(key.clone()), None);
    assert_eq!(format!("{vault:?}"), "Vault");
    let error = AppError::from(VaultError::Refused);
    assert_eq!(error.code.status(), 500);
    assert!(!error.message.contains("sealed"), "{error}");
}

#[test]
fn what_is_too_short_or_of_another_version_is_garbled() {
    let vault = vault();
    let mut sealed = vault.seal(PLACE, b"").unwrap();
    for length in [0, 1, HEADER - 1, HEADER, HEADER + NONCE - 1] {
        assert_eq!(
            vault.open(PLACE, &sealed[..length]),
            Err(VaultError::Garbled),
            "{length}"
        );
    }
    sealed[0] = VERSION + 1;
    assert_eq!(vault.open(PLACE, &sealed), Err(VaultError::Garbled));
}

fn place_of([table, row, column]: &[String; 3]) -> Place<'_> {
    Place { table, row, column }
}

proptest! {
    #[test]
    fn what_was_sealed_comes_out(plain: Vec<u8>, table: String, row: String, column: String) {
        let place = Place { table: &table, row: &row, column: &column };
        let vault = vault();
        let sealed = vault.seal(place, &plain).unwrap();
        prop_assert_eq!(&*vault.read(place, &sealed).unwrap(), &plain);
    }

    #[test]
    fn one_flipped_bit_anywhere_and_it_stays_shut(plain: Vec<u8>, at: prop::sample::Index) {
        let vault = vault();
        let mut sealed = vault.seal(PLACE, &plain).unwrap();
        let bit = at.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(vault.read(PLACE, &sealed).is_err());
    }

    #[test]
    fn cut_or_grown_it_stays_shut(plain: Vec<u8>, keep: prop::sample::Index, more in 1..40_usize) {
        let vault = vault();
        let sealed = vault.seal(PLACE, &plain).unwrap();
        prop_assert!(vault.read(PLACE, &sealed[..keep.index(sealed.len())]).is_err());
        let mut grown = sealed;
        grown.extend(vec![0; more]);
        prop_assert!(vault.read(PLACE, &grown).is_err());
    }

    /// Letters move from one part of the place to the next, so that the parts put together read alike.
    #[test]
    fn in_another_place_it_stays_shut(
        here in prop::array::uniform3("[ab:/\0]{0,3}"),
        there in prop::array::uniform3("[ab:/\0]{0,3}"),
    ) {
        let vault = vault();
        let sealed = vault.seal(place_of(&here), b"value").unwrap();
        prop_assert_eq!(vault.read(place_of(&there), &sealed).is_ok(), here == there);
    }
}

#[test]
fn every_single_bit_counts() {
    let vault = vault();
    let sealed = vault.seal(PLACE, b"a value of some length").unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut flipped = sealed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(vault.read(PLACE, &flipped).is_err(), "bit {bit}");
    }
}
