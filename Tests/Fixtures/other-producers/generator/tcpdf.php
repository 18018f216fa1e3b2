<?php
// Writes and signs with TCPDF: OUT CERTIFICATE KEY CHAIN CERTIFY(1..3 or A).
require '/usr/share/php/tcpdf/tcpdf.php';
[, $out, $certificate, $key, $chain, $level] = $argv;
$pdf = new TCPDF('P', 'mm', 'A4', true, 'UTF-8');
$pdf->setPrintHeader(false);
$pdf->setPrintFooter(false);
$pdf->AddPage();
$pdf->SetFont('helvetica', '', 14);
$pdf->Cell(0, 10, 'KARTU IDENTITAS ANAK CONTOH - BUKAN DOKUMEN SAH');
$pdf->setSignature(
    "file://$certificate", "file://$key", '', $chain, $level === 'A' ? 2 : (int) $level,
    ['Name' => 'Peraga', 'Reason' => 'Peragaan', 'Location' => 'Rekaan'],
    $level === 'A' ? 'A' : '');
$pdf->setSignatureAppearance(20, 240, 40, 15);
$pdf->Output($out, 'F');
