//! Hosts where many organizations have pages, and whose a page there is.

use super::names::registrable;

/// Each has a path of its own there, or a name below it.
const SHARED: [&str; 60] = [
    "about.me",
    "appsource.microsoft.com",
    "azuremarketplace.microsoft.com",
    "baike.baidu.com",
    "bilibili.com",
    "bitbucket.org",
    "blog.csdn.net",
    "catalog.redhat.com",
    "cnblogs.com",
    "codeberg.org",
    "crunchbase.com",
    "csdn.net",
    "docs.google.com",
    "drive.google.com",
    "facebook.com",
    "fb.com",
    "feishu.cn",
    "g2.com",
    "gist.github.com",
    "gitcode.com",
    "gitee.com",
    "gitee.io",
    "github.com",
    "gitlab.com",
    "hub.docker.com",
    "huggingface.co",
    "instagram.com",
    "juejin.cn",
    "landscape.cncf.io",
    "larksuite.com",
    "linkedin.com",
    "linktr.ee",
    "market.aliyun.com",
    "marketplace.huaweicloud.com",
    "medium.com",
    "mp.weixin.qq.com",
    "notion.site",
    "notion.so",
    "quay.io",
    "raw.githubusercontent.com",
    "segmentfault.com",
    "sites.google.com",
    "slideshare.net",
    "sourceforge.net",
    "space.bilibili.com",
    "substack.com",
    "t.me",
    "tmall.com",
    "trustpilot.com",
    "twitter.com",
    "weibo.cn",
    "weibo.com",
    "wikipedia.org",
    "wordpress.com",
    "x.com",
    "yandex.ru",
    "youtube.com",
    "yuque.com",
    "zhihu.com",
    "zhuanlan.zhihu.com",
];

/// Those below which each has a name of its own, as in `acme.medium.com`.
const WITH_NAMES: [&str; 9] = [
    "feishu.cn",
    "gitee.io",
    "larksuite.com",
    "medium.com",
    "notion.site",
    "substack.com",
    "tmall.com",
    "wordpress.com",
    "yuque.com",
];

/// The same host by another name.
const SAME: [(&str, &str); 4] =
    [("blog.csdn.net", "csdn.net"), ("fb.com", "facebook.com"), ("twitter.com", "x.com"), ("weibo.cn", "weibo.com")];

/// What a path there begins with that names a kind of page, and nobody.
const KINDS: [&str; 45] = [
    "_",
    "a",
    "c",
    "channel",
    "company",
    "d",
    "document",
    "e",
    "file",
    "folders",
    "forms",
    "group",
    "groups",
    "in",
    "item",
    "joinchat",
    "landscape",
    "marketplace",
    "n",
    "org",
    "organization",
    "organizations",
    "orgs",
    "p",
    "pages",
    "people",
    "presentation",
    "product",
    "products",
    "profile.php",
    "projects",
    "r",
    "repository",
    "review",
    "s",
    "school",
    "showcase",
    "site",
    "spreadsheets",
    "u",
    "user",
    "users",
    "view",
    "watch",
    "wiki",
];

/// The shared host that a host is, in lower case and without `www.`: on a telephone, or in a country's language, it is the same one.
/// `None` where a host is one organization's.
#[must_use]
pub(crate) fn shared(host: &str) -> Option<&'static str> {
    let known = |host: &str| SHARED.into_iter().find(|shared| *shared == host);
    let is_view = |label: &str| {
        let is_country = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
        matches!(label, "m" | "mobile" | "touch" | "wap" | "web") || label.split('-').all(is_country)
    };
    let whole = || {
        let (label, rest) = host.split_once('.')?;
        known(rest).filter(|rest| is_view(label) && !WITH_NAMES.contains(rest))
    };
    let found = known(host).or_else(whole)?;
    Some(SAME.into_iter().find_map(|(other, same)| (other == found).then_some(same)).unwrap_or(found))
}

/// Whether many organizations have pages at a host, in lower case and without `www.`.
#[must_use]
pub(crate) fn is_shared(host: &str) -> bool {
    shared(host).is_some()
}

/// Whose page it is at a shared host, by the parts of its path, in small letters, and what stands behind them.
#[must_use]
pub(crate) fn owner(parts: &[String], query: Option<&str>) -> String {
    match parts.iter().find(|part| !KINDS.contains(&part.as_str())) {
        Some(owner) => owner.trim_start_matches('@').to_owned(),
        None => match query {
            Some(query) => format!("{}?{query}", parts.join("/")),
            None => parts.join("/"),
        },
    }
}

/// The domain that tells of who is at a host: the one that was registered, or the name below a shared host. `None` where many share
/// the host.
#[must_use]
pub(crate) fn own_domain(host: &str) -> Option<String> {
    if is_shared(host) {
        return None;
    }
    let below = |shared: &str| host.strip_suffix(shared)?.strip_suffix('.');
    let named = WITH_NAMES.into_iter().find_map(|shared| {
        let name = below(shared)?.rsplit('.').next()?;
        Some(format!("{name}.{shared}"))
    });
    Some(named.unwrap_or_else(|| registrable(host)))
}

#[cfg(test)]
mod tests {
    use crate::domain::record::WebAddress;

    fn site(address: &str) -> String {
        format!("https://{address}").parse::<WebAddress>().unwrap().site()
    }

    /// Of each line all are one owner's, and nobody's of another line.
    #[test]
    fn a_page_at_a_shared_host_is_its_owners() {
        let owners = [
            &["linkedin.com/company/one", "www.linkedin.com/company/ONE/about/", "de.linkedin.com/company/one?x=y"][..],
            &["linkedin.com/company/other", "cn.linkedin.com/school/other"],
            &["github.com/one", "github.com/orgs/one/repositories", "www.github.com/One/karmada"],
            &["github.com/other"],
            &["x.com/one", "twitter.com/one", "mobile.twitter.com/One"],
            &["m.facebook.com/one", "www.facebook.com/one/", "zh-cn.facebook.com/pages/one"],
            &["facebook.com/profile.php?id=1"],
            &["facebook.com/profile.php?id=2"],
            &["youtube.com/@one", "youtube.com/c/one", "m.youtube.com/user/one"],
            &["hub.docker.com/u/one", "hub.docker.com/r/one/karmada"],
            &["sites.google.com/view/one"],
            &["sites.google.com/view/other"],
            &["zhuanlan.zhihu.com/one"],
            &["mp.weixin.qq.com/s/abc"],
            &["mp.weixin.qq.com/s?__biz=one"],
            &["mp.weixin.qq.com/s?__biz=other"],
            &["one.medium.com/karmada", "one.medium.com"],
            &["other.medium.com/karmada"],
            &["csdn.net/one", "blog.csdn.net/one/article"],
            &["acme.example/a", "www.acme.example/b"],
        ];
        let sites: Vec<Vec<String>> =
            owners.iter().map(|of_one| of_one.iter().map(|page| site(page)).collect()).collect();
        for (at, of_one) in sites.iter().enumerate() {
            assert!(of_one.iter().all(|page| *page == of_one[0]), "{of_one:?}");
            assert!(!sites[at + 1..].iter().flatten().any(|page| *page == of_one[0]), "{of_one:?}");
        }
    }

    #[test]
    fn who_is_at_a_host_is_told_by_it_unless_many_are() {
        for (host, domain) in [
            ("partners.acme.co.uk", Some("acme.co.uk")),
            ("acme.medium.com", Some("acme.medium.com")),
            ("blog.acme.feishu.cn", Some("acme.feishu.cn")),
            ("acme.github.io", Some("acme.github.io")),
            ("cloud.yandex.ru", Some("yandex.ru")),
            ("cn.linkedin.com", None),
            ("m.weibo.cn", None),
            ("zh.wikipedia.org", None),
            ("zhuanlan.zhihu.com", None),
            ("gist.github.com", None),
        ] {
            assert_eq!(super::own_domain(host).as_deref(), domain, "{host}");
        }
    }
}
