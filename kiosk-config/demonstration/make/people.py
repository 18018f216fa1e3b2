"""The invented families. Region code 999999 does not exist, so no NIK here can be anybody's."""

from pages import Birth, Family, Member


def household(number, head, head_nik, born, spouse, spouse_nik, spouse_born, village, children=()):
    address = "JALAN REKAAN NO. 12"
    family = Family(
        number=number, head=head, address=address, rt_rw="001/002", village=village,
        district="CONTOH UTARA", postcode="99999", issued="18-11-2026")
    family.members = [
        Member(head, head_nik, "LAKI-LAKI", "CONTOH", born, "ISLAM", "SLTA/SEDERAJAT",
               "WIRASWASTA", "O", "KAWIN TERCATAT", "14-02-2015", "KEPALA KELUARGA",
               "AYAH REKAAN", "IBU REKAAN"),
        Member(spouse, spouse_nik, "PEREMPUAN", "CONTOH", spouse_born, "ISLAM", "DIPLOMA III",
               "GURU", "A", "KAWIN TERCATAT", "14-02-2015", "ISTRI", "AYAH REKAAN",
               "IBU REKAAN"),
    ]
    for name, nik, sex, birthdate in children:
        family.members.append(
            Member(name, nik, sex, "CONTOH", birthdate, "ISLAM", "BELUM SEKOLAH",
                   "BELUM BEKERJA", "-", "BELUM KAWIN", "-", "ANAK", head, spouse))
    return family


FAMILIES = {
    "ready": household(
        "9999991811260001", "BUDI REKAAN SANTOSO", "9999991203900001", "12-03-1990",
        "RATNA REKAAN SANTOSO", "9999995108920011", "11-08-1992", "CONTOH JAYA",
        [("BAYU REKAAN SANTOSO", "9999990604180012", "LAKI-LAKI", "06-04-2018"),
         ("BULAN REKAAN SANTOSO", "9999996210220013", "PEREMPUAN", "22-10-2022")]),
    "tampered": household(
        "9999991811260005", "HENDRA REKAAN WIJAYA", "9999990109820005", "01-09-1982",
        "HESTI REKAAN WIJAYA", "9999994802850014", "08-02-1985", "CONTOH MAJU"),
    "expired": household(
        "9999991811260006", "RUDI REKAAN LESTARI", "9999991905770015", "19-05-1977",
        "RINA REKAAN LESTARI", "9999996411790006", "24-11-1979", "CONTOH DAMAI"),
}

BIRTH = Birth(
    number="9999-LU-18112026-0002", name="SEKAR REKAAN AMINAH", nik="9999994110260016",
    weekday_date="Kamis, 1 Oktober 2026", place="Contoh", order="ke-1 (satu)",
    sex="Perempuan", father="SURYA REKAAN AMINAH", mother="SITI REKAAN AMINAH",
    issued="18-11-2026")
