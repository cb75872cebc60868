//! How search engines and people find the directory, and say that something is wrong: addresses and structured data.

use minijinja::Value;
use serde_json::json;

use super::lang::Lang;
use super::{Card, Directory, PageFile};
use crate::domain::record::Name;
use crate::domain::text;
use crate::render::escaped;

impl Directory<'_> {
    /// `sitemap.xml`: every page that is meant to be found.
    pub(super) fn sitemap(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for page in self.pages() {
            let changed = match page {
                PageFile::Index(_) | PageFile::Jobs(_) => None,
                PageFile::Partner(_, i) if self.entries[i].is_active() => self.entries[i].as_of(),
                _ => continue,
            };
            let Some(address) = self.address_of(page) else { continue };
            out += &format!("<url><loc>{}</loc>", escaped(&address));
            out.extend(changed.map(|day| format!("<lastmod>{day}</lastmod>")));
            out += "</url>\n";
        }
        out + "</urlset>\n"
    }

    pub(super) fn robots(&self) -> String {
        let sitemap = self.address("sitemap.xml").map(|address| format!("Sitemap: {address}\n")).unwrap_or_default();
        format!("User-agent: *\nAllow: /\n{sitemap}")
    }

    /// The same page in each language, as `hreflang` names them; the first is for everybody else, too.
    pub(super) fn alternates(&self, page: PageFile, relative: [&str; 2]) -> Vec<Value> {
        let mut out = Vec::new();
        for (lang, relative) in Lang::ALL.iter().copied().zip(relative) {
            let href = self.address_of(page.in_language(lang)).unwrap_or_else(|| relative.to_owned());
            out.push(minijinja::context! { lang => lang.tag(), href => href });
            if lang == Lang::En {
                out.push(minijinja::context! { lang => "x-default", href => href });
            }
        }
        out
    }

    /// What a page says to machines: who is listed, who a partner is, which posts are open. Only with an address.
    pub(super) fn structured(&self, page: PageFile) -> Option<Value> {
        let address = self.address_of(page)?;
        let data = match page {
            PageFile::Index(lang) => {
                let items = self.active(lang).enumerate().map(|(at, entry)| {
                    let url = self.address(&format!("{}partners/{}/", lang.prefix(), entry.slug));
                    // What else there is to say says the page of each.
                    json!({"@type": "ListItem", "position": at + 1, "url": url})
                });
                json!({
                    "@context": "https://schema.org", "@type": "ItemList", "url": address,
                    "numberOfItems": self.active(lang).count(), "itemListElement": items.collect::<Vec<_>>(),
                })
            }
            PageFile::Partner(lang, i) if self.entries[i].is_active() => {
                let mut about = self.organization(&self.entries[i], lang);
                about["@context"] = "https://schema.org".into();
                about["mainEntityOfPage"] = address.into();
                about
            }
            PageFile::Jobs(lang) => {
                let posts = self.active(lang).flat_map(|entry| {
                    entry.jobs(self.now).into_iter().map(move |job| {
                        let place = job.post.place.as_ref().map(|place| {
                            json!({"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": place}})
                        });
                        let mut post = json!({
                            "@type": "JobPosting", "title": job.post.title, "description": job.post.title,
                            "datePosted": job.on, "hiringOrganization": self.organization(entry, lang),
                            "url": job.address().unwrap_or_else(|| entry.record.website.clone()),
                        });
                        if let Some(place) = place {
                            post["jobLocation"] = place;
                        }
                        if let Some(closes) = job.post.closes {
                            post["validThrough"] = closes.to_string().into();
                        }
                        post
                    })
                });
                let posts: Vec<_> = posts.collect();
                if posts.is_empty() {
                    return None;
                }
                json!({"@context": "https://schema.org", "@graph": posts})
            }
            _ => return None,
        };
        // Nothing in it ends the element that it stands in.
        Some(Value::from_safe_string(data.to_string().replace('<', "\\u003c")))
    }

    fn organization(&self, entry: &Card<'_>, lang: Lang) -> serde_json::Value {
        let mut about = json!({"@type": "Organization", "name": entry.name(lang), "url": entry.record.website});
        let others: Vec<&str> =
            entry.other_name(lang).into_iter().chain(entry.record.former_names.iter().map(Name::as_str)).collect();
        if !others.is_empty() {
            about["alternateName"] = json!(others);
        }
        if let Some(description) = entry.description(lang) {
            about["description"] = description.into();
        }
        if let Some(logo) = entry.logo.as_ref().and_then(|logo| self.address(&logo.src)) {
            about["logo"] = logo.into();
        }
        if let Some(parent) = &entry.record.parent {
            about["parentOrganization"] = json!({"@type": "Organization", "name": parent});
        }
        about
    }

    /// Where somebody says that something is wrong with an entry, with what is needed filled in.
    pub(super) fn complaint(&self, entry: &Card<'_>, title: &str, body: &str) -> Option<String> {
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let issues = self.place.issues.as_ref()?;
        let name = text::one_line(entry.record.name.as_str());
        let fill = |text: &str| encoded(&text.replace("{name}", &name).replace("{slug}", entry.slug.as_str()));
        Some(format!("{issues}?title={}&body={}", fill(title), fill(body)))
    }
}
