//! Whether a mailbox is a role's, by what stands before its @: in words that are parted, never by letters within one.

/// Words that nobody is called by, in the languages of the built-in terms: one of them is enough.
const ROLES: &str = "
    abuse academy accounting accounts admin administrator alliance alliances billing business careers ceo cto cncf community consulting contact contactus csirt customer customercare
    customersuccess devops
    developer developers devrel ecosystem engineering enquiries enquiry events feedback finance helpdesk hostmaster info
    information informations infos infra inquiries inquiry invoice invoices newsletter orders psirt reception requests research
    international k8s karmada kubernetes maintainers marketing noc office open-source opensource ospo partner partners partnership
    partnerships platform postmaster presales product program programs security service services solutions sre support team training
    webmaster
    anfrage anfragen beratung bewerbung buchhaltung buero empfang hilfe kontakt kundendienst kundenservice rechnung sekretariat
    technik vertrieb zentrale
    administracion alianzas atencion ayuda clientes facturacion oficina comercial contacto informacion socios soporte
    accueil assistance commercial contactez partenaires partenariats renseignements secretariat serviceclient
    ventes
    amministrazione assistenza clienti commerciale contatti informazioni segreteria ufficio supporto vendite
    ajuda atendimento contato financeiro imprensa ouvidoria secretaria parcerias suporte
    biuro
    kontakty otdel podderzhka pomosh prodazhi";

/// Words of roles that are names, parts of names or initials, too: they count alone, and beside words that are no names.
const NAMES_TOO: &str = "
    bd care channel cloud cs desk dev devs general hello help hi hr it jobs legal mail media ops oss pr press sales tech
    dienst hallo post presse verkauf
    hola prensa ventas
    aide bonjour
    stampa
    geral vendas
    bangzhu fuwu gongsi hezuo jishu kefu lianxi shangwu shichang shichangbu xiaoshou xiaoshoubu xinxi yewu zhichi zixun
    eigyo eigyou koho kouhou madoguchi otoiawase saiyo soudan soumu toiawase
    gogaek munui yeongeop
    zakaz";

/// What stands beside a role and names nobody: where it is, and small words.
const BESIDE: &str = "
    africa america americas anz apac asia benelux brasil china cn dach de emea eu europe france germany global hk in india intl italia
    italy japan jp korea kr latam mea na nordics sg singapore spain taiwan tw uk usa world worldwide
    all and open our relations source the us your";

/// Where it is, too; some are initials or names, and count behind a role's word alone.
const BEHIND: &str = "
    ae ar at au be br ca ch cl cz dk es fi fr gr hu id ie il mx my nl no nz ph pl pt ro ru sa se th tr ua vn za
    beijing berlin chengdu dubai guangzhou hangzhou hongkong moscow munich shanghai shenzhen tokyo";

/// Those above that people are called by last, and those that people are called by first.
const LAST_NAMES: &str = "care cloud legal mail post press sales";
const FIRST_NAMES: &str = "africa america asia china france germany india";

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

/// Whether `user`, in lower case, is a role's mailbox at `host`: by a word that only roles have, or because each word is a role's,
/// a place's or the host's.
pub(super) fn is_roles(user: &str, host: &str) -> bool {
    // A role may have several: info2, sales01.
    let bare = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let words: Vec<String> = user.split(['.', '-', '_']).map(bare).filter(|word| !word.is_empty()).collect();
    let hosts: Vec<&str> = host.split(['.', '-']).filter(|word| word.len() > 2).collect();
    let mut kinds: Vec<Word> = words.iter().map(|word| Word::of(word, &hosts)).collect();
    for at in 1..kinds.len() {
        if kinds[at - 1] == Word::NameToo && is_in(BEHIND, &words[at]) {
            kinds[at] = Word::Beside;
        }
    }
    let may_be_role = kinds.contains(&Word::NameToo) && !kinds.contains(&Word::Other);
    kinds.contains(&Word::Role) || (may_be_role && !end_as_a_name(&words, &hosts))
}

/// Whether they end in a first and a last name: india.sales may be somebody, sales.india is nobody.
fn end_as_a_name(words: &[String], hosts: &[&str]) -> bool {
    matches!(words, [.., first, last] if is_in(LAST_NAMES, last) && (is_in(FIRST_NAMES, first) || hosts.contains(&first.as_str())))
}

/// What one word of a mailbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Role,
    NameToo,
    Beside,
    /// Perhaps somebody's name.
    Other,
}

impl Word {
    fn of(word: &str, hosts: &[&str]) -> Self {
        let is_place = || is_in(BESIDE, word) || hosts.contains(&word);
        // Written together: salesteam, infochina, acmesupport.
        match is_in(ROLES, word) {
            true => Self::Role,
            false if is_in(NAMES_TOO, word) => Self::NameToo,
            false if is_place() => Self::Beside,
            false if is_joined(word, hosts) => Self::Role,
            false => Self::Other,
        }
    }
}

/// Whether a word is nothing but several, one of them a role's. Short ones stand in too many names.
fn is_joined(word: &str, hosts: &[&str]) -> bool {
    let roles = [ROLES, NAMES_TOO].into_iter().flat_map(str::split_whitespace).map(|one| (one, true));
    let others = BESIDE.split_whitespace().chain(hosts.iter().copied()).map(|one| (one, false));
    let parts: Vec<(&str, bool)> = roles.chain(others).filter(|(one, _)| one.len() > 3 || *one == "k8s").collect();
    // How far words lead, and whether one of them was a role's.
    let mut ends = vec![[false; 2]; word.len() + 1];
    ends[0][0] = true;
    for at in 0..word.len() {
        let Some(rest) = word.get(at..).filter(|_| ends[at] != [false; 2]) else { continue };
        for (part, is_role) in parts.iter().filter(|(part, _)| rest.starts_with(part)) {
            let [none, some] = ends[at];
            let to = &mut ends[at + part.len()];
            to[1] |= some || *is_role;
            to[0] |= none && !is_role;
        }
    }
    ends[word.len()][1]
}

#[cfg(test)]
mod tests {
    use crate::domain::record::Mailbox;

    /// A person's own becomes public for ever: none is taken for a role's. A role's that is doubted costs one answer.
    #[test]
    fn no_persons_mailbox_is_taken_for_a_roles() {
        let (mut roles, mut doubted) = (0, Vec::new());
        for row in csv::Reader::from_reader(include_str!("../../../../tests/mailboxes.csv").as_bytes()).into_records() {
            let row = row.unwrap();
            let is_roles = row[0].parse::<Mailbox>().unwrap().doubt().is_none();
            match &row[1] {
                "person" => assert!(!is_roles, "{}: {}", &row[0], &row[2]),
                "role" if is_roles => roles += 1,
                "role" => doubted.push(row[0].to_owned()),
                other => panic!("{other}"),
            }
        }
        assert!(doubted.len() * 20 <= roles, "of {roles} roles' too many are doubted: {doubted:?}");
    }
}
