//! Companies that no member of the shipped committee works for.

pub const NAMES: &str = "\
Red Hat
SUSE
Canonical
VMware
Mirantis
Rancher Labs
Kubermatic GmbH
Giant Swarm
Loft Labs
Platform9 Systems
D2iQ
Spectro Cloud
Rafay Systems
Nirmata
Weaveworks
Solo.io
Tetrate
Isovalent
Sysdig
Aqua Security
Snyk
Datadog
Grafana Labs
New Relic
Dynatrace
Elastic N.V.
HashiCorp
Pulumi
CircleCI
GitLab Inc.
JFrog
CloudBees
Harness
Octopus Deploy
Akuity
Codefresh
Upbound
Crossplane Services
InfluxData
Cockroach Labs
YugabyteDB
PingCAP
StarRocks
Confluent
Redpanda Data
Databricks
Snowflake
MongoDB
Redis Ltd.
Couchbase
Percona
EDB
Crunchy Data
Timescale
Neo4j
Nutanix
NetApp
Pure Storage
Portworx
Robin.io
StorageOS
Ondat
Diamanti
Cohesity
Veeam
Kasten
Trilio
Oracle
IBM
Microsoft
Google Cloud
Amazon Web Services
DigitalOcean
Linode
Vultr
OVHcloud
Scaleway
Hetzner Online GmbH
IONOS
Exoscale
UpCloud
Civo
Equinix
Rackspace Technology
Tencent Cloud
Baidu AI Cloud
JD Cloud
Kingsoft Cloud
UCloud
QingCloud
Inspur Cloud
China Telecom Cloud
China Unicom
China Mobile Cloud
H3C
ZTE Corporation
Lenovo
Xiaomi
OPPO
Vivo
Meituan
Didi
Kuaishou
Bilibili
NetEase
Sina Weibo
Ping An Technology
Ant Group
Lalamove
Shopee
Grab
Gojek
Sea Limited
Flipkart
Infosys
Wipro
Tata Consultancy Services
HCL Technologies
Tech Mahindra
LTIMindtree
Cognizant
Accenture
Capgemini
Atos SE
Deloitte
KPMG
Ernst & Young
Thoughtworks
EPAM Systems
GlobalLogic
SoftServe
Luxoft
Endava
Sopra Steria
T-Systems International GmbH
SAP SE
Siemens AG
Bosch.IO
Deutsche Telekom
Orange Business
Telefónica Tech
Vodafone
Swisscom
Telenor
Ericsson
Nokia
Samsung SDS
LG CNS
Naver Cloud
Kakao Enterprise
NHN Cloud
SK Telecom
KT Cloud
NTT Data
Fujitsu
Hitachi
NEC Corporation
CyberAgent
Mercari
Rakuten
LINE Yahoo
SoftBank
KDDI
PFN
Preferred Networks
Sakura Internet
Hewlett Packard Enterprise
Dell Technologies
Cisco Systems
Juniper Networks
Arista Networks
F5
NGINX
Kong Inc.
Traefik Labs
Envoy Technologies
Buoyant
Fermyon
Cosmonic
Unionbigdata
Neen S.p.A
Unicom Digital Tech
Globex
Initech
Umbrella Corporation
Hooli
Vandelay Industries
Stark Industries
Wayne Enterprises
Cyberdyne Systems
Tripadvisor
Tripwire
Tripleten
Stripe
Byteplus Analytics Oy
Bytedesk
Dance Studio
Bloom Energy
Bloomreach
Bergson Labs
Alibi Technologies
Baba Foods
Ali Express Couriers Ltda
Dao Networks
Daofood
Taobao Crafts
Electronics of China
中国联通
腾讯云
百度智能云
京东科技
青云科技
浪潮云
中兴通讯股份有限公司
美团
小米科技有限责任公司
Яндекс
ООО Сбербанк
Ростелеком
Ελληνικά Δίκτυα
Škoda Auto
Żabka Polska
Ørsted A/S
Ålesund Data AS
Mercado Libre
Nubank
Stone Pagamentos
Locaweb
Dock Soluções
Serasa Experian
Clip
Rappi
";
